import type {
  DescMethod,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { EmptySchema } from "@bufbuild/protobuf/wkt";
import { nameHint } from "../model/closest.ts";
import type { Context } from "../model/context.ts";
import { unaryMethods } from "../model/unary-methods.ts";

/** A service and its handlers. Created by {@link service}. */
export interface Service {
  /** Generated descriptor of the service. */
  readonly desc: DescService;
  /** Handlers by the local name of the method in protobuf-es. */
  readonly handlers: Readonly<Record<string, ServiceHandler>>;
  /** Set for a service whose handlers are served elsewhere: see `remote`. */
  readonly remote?: RemoteOptions;
}

/** Options of `remote()`. */
export interface RemoteOptions {
  /**
   * Format of the handlers' messages: Protobuf bytes, or JSON, the default of Restate's Go SDK.
   * Default: `binary`.
   */
  readonly format?: "binary" | "json" | undefined;
}

/** A handler with erased types. It still takes and returns the messages of the descriptor. */
export type ServiceHandler = (request: never, ctx: Context) => unknown;

/** A handler for each unary method of a service. Generated interfaces have the same members, with the proto's comments. */
export type Handlers<S extends DescService> = {
  [K in keyof S["method"] as S["method"][K] extends DescMethodUnary ? K : never]: (
    request: MessageShape<S["method"][K]["input"]>,
    ctx: Context,
  ) => Promise<HandlerResult<S["method"][K]>> | HandlerResult<S["method"][K]>;
};

/** The return value of a handler: the response message or its fields; nothing for `google.protobuf.Empty`. */
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
 * A thrown `ConnectError` is terminal: the caller gets it. Any other error is retried if the
 * invocation is durable (a send, or a call with an idempotency key).
 *
 * Restate does not support streaming: streaming methods have no handlers and are not served.
 *
 * @throws Error if a method has no handler, or a handler has no method.
 */
export function service<S extends DescService>(desc: S, handlers: Handlers<S>): Service {
  const given = handlers as Readonly<Record<string, unknown>>;
  const methods = unaryMethods(desc);
  const problems = [...missingHandlers(methods, given), ...unknownHandlers(methods, given)];
  if (problems.length > 0) {
    throw new Error(`service ${desc.typeName} ${problems.join("; it ")}`);
  }
  return { desc, handlers: handlers as Service["handlers"] };
}

function missingHandlers(methods: readonly DescMethod[], given: Readonly<Record<string, unknown>>): string[] {
  const missing = methods.filter(({ localName }) => typeof given[localName] !== "function");
  return missing.length === 0
    ? []
    : [
        `has no handler for ${missing.map(({ name }) => name).join(", ")}: ` +
          `add ${missing.map(({ localName }) => `"${localName}"`).join(", ")} to the handlers passed to service(), or run restate-connect scaffold`,
      ];
}

/** A misspelt name is most likely that of a method without a handler. */
function unknownHandlers(methods: readonly DescMethod[], given: Readonly<Record<string, unknown>>): string[] {
  const names = methods.map(({ localName }) => localName);
  const free = names.filter((name) => typeof given[name] !== "function");
  return Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const hint = nameHint(name, free.length > 0 ? free : names);
      return `has no unary method for the handler "${name}"${hint === undefined ? "" : `: ${hint}`}`;
    });
}
