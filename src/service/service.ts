import type {
  DescMethod,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { Context } from "../model/context.ts";
import { unaryMethods } from "../model/unary-methods.ts";

/** A service and the handlers that answer for it. Made by {@link service}. */
export interface Service {
  /** The generated descriptor of the service. */
  readonly desc: DescService;
  /** By protobuf-es's local name of the method. */
  readonly handlers: Readonly<Record<string, ServiceHandler>>;
  /** For a service whose handlers are elsewhere: see `remote`. */
  readonly remote?: RemoteOptions;
}

/** Options of `remote()`. */
export interface RemoteOptions {
  /**
   * How its handlers take and give messages: Protobuf bytes, or JSON, as those of Restate's Go SDK do.
   * Default: `binary`.
   */
  readonly format?: "binary" | "json" | undefined;
}

/** A handler once its types are erased: what the descriptor says of the messages still holds. */
export type ServiceHandler = (request: never, ctx: Context) => unknown;

/** One handler for each unary method of a service. Generated code has it as an interface with the proto's comments. */
export type Handlers<S extends DescService> = {
  [K in keyof S["method"] as S["method"][K] extends DescMethodUnary ? K : never]: (
    request: MessageShape<S["method"][K]["input"]>,
    ctx: Context,
  ) => Promise<HandlerResult<S["method"][K]>> | HandlerResult<S["method"][K]>;
};

/** What a handler returns: the response message or its fields, nothing for `google.protobuf.Empty`. */
export type HandlerResult<M extends DescMethod> = M["output"] extends typeof EmptySchema
  ? MessageInitShape<M["output"]> | void
  : MessageInitShape<M["output"]>;

/**
 * Binds handlers to a generated service descriptor. The same object runs on every engine.
 *
 * ```ts
 * export default [service(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) })];
 * ```
 *
 * A thrown `ConnectError` is terminal: the caller gets it. Any other error is retried where the
 * invocation is durable (a send, or a call with an idempotency key).
 *
 * Restate has no streams: streaming methods have no handlers, and are not served.
 *
 * @throws Error when a method has no handler, or a handler no method.
 */
export function service<S extends DescService>(desc: S, handlers: Handlers<S>): Service {
  const given = handlers as Readonly<Record<string, unknown>>;
  const methods = unaryMethods(desc);
  const missing = methods.filter((method) => typeof given[method.localName] !== "function");
  if (missing.length > 0) {
    throw new Error(
      `service ${desc.typeName} has no handler for ${missing.map((m) => m.name).join(", ")}: ` +
        `add ${missing.map((m) => m.localName).join(", ")} to the object given to service(), or run restate-connect scaffold`,
    );
  }
  const unknown = Object.keys(given).filter((name) => methods.every(({ localName }) => localName !== name));
  if (unknown.length > 0) {
    throw new Error(
      `service ${desc.typeName} has no unary method ${unknown.join(", ")}: ` +
        `its methods are ${methods.map((m) => m.localName).join(", ")}`,
    );
  }
  return { desc, handlers: handlers as Service["handlers"] };
}
