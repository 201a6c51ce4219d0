import { type DescMethod, type DescService, isMessage, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Attempt, Handler, ServiceHandlers } from "../engine/engine.ts";
import type { Context } from "../model/context.ts";
import { handlerKind } from "../model/handler-kind.ts";
import type { Reply } from "../model/outcome.ts";
import { serviceKind } from "../model/service-kind.ts";
import { unaryMethods } from "../model/unary-methods.ts";
import { binaryFormat, decodeMessage } from "../wire/message-format.ts";
import { isErrorMetadata } from "../wire/protocol-headers.ts";
import { AttemptContext, type TransportOf } from "./attempt-context.ts";
import { encodeResponse } from "./encode-response.ts";
import { jsonMessages } from "./json-messages.ts";
import type { Service, ServiceHandler } from "./service.ts";

/** Wraps the typed handlers of a service for an engine: they take and return Protobuf bytes. */
export function bindService(service: Service, transportOf: TransportOf): ServiceHandlers {
  const { desc, remote } = service;
  const methods = unaryMethods(desc);
  return {
    name: desc.typeName,
    kind: serviceKind(desc),
    methods: new Map(methods.map((method) => [method.name, handlerOf(service, method, transportOf)])),
    handlerKinds: new Map(methods.map((method) => [method.name, handlerKind(method)])),
    format: remote?.format ?? "binary",
    json: jsonMessages(desc),
  };
}

function handlerOf(
  { desc, handlers, remote }: Service,
  method: DescMethod,
  transportOf: TransportOf,
): Handler {
  if (remote !== undefined) {
    return () => Promise.reject(noHandlers(desc));
  }
  const handler = handlers[method.localName];
  if (handler === undefined) {
    throw new Error(`service ${desc.typeName} has no handler for ${method.name}`);
  }
  return bindMethod(method, handler, transportOf);
}

function noHandlers({ typeName }: DescService): ConnectError {
  return new ConnectError(
    `${typeName} is remote, but this engine runs handlers itself: use the engine restate(...), or service() with handlers`,
    Code.Unimplemented,
  );
}

function bindMethod(method: DescMethod, handler: ServiceHandler, transportOf: TransportOf): Handler {
  // service() checked that this handler takes the method's request; only its type was erased.
  const run = handler as unknown as (request: Message, ctx: Context) => unknown;
  return (attempt) => {
    const ctx = new AttemptContext(attempt, transportOf);
    const succeed = (result: unknown): Reply => {
      return { output: encodeResponse(method, result), ...ctx.responseMetadata() };
    };
    const fail = (reason: unknown): never => {
      throw withMetadata(reason, ctx);
    };
    const request = decodeRequest(method, attempt);
    let result: unknown;
    try {
      result = run(request, ctx);
    } catch (reason) {
      return fail(reason);
    }
    return isThenable(result) ? Promise.resolve(result).then(succeed, fail) : succeed(result);
  };
}

/** Whether a handler is not done yet. What it returns need not be a promise of the platform. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** The error of a handler, with the headers and trailers that the handler has set. */
function withMetadata(reason: unknown, ctx: AttemptContext): unknown {
  if (!(reason instanceof ConnectError)) {
    return reason;
  }
  // A copy, because a handler may throw the same error object repeatedly.
  const { rawMessage, code, metadata, cause } = reason;
  const own = [...metadata].filter(([name]) => isErrorMetadata(name));
  const { headers, trailers } = ctx.responseMetadata();
  const all = [...own, ...headers, ...trailers].map(([key, value]): [string, string] => [key, value]);
  const error = new ConnectError(rawMessage, code, new Headers(all), undefined, cause);
  error.details = reason.details;
  return error;
}

/**
 * The request: decoded already, or from its bytes. Bytes that cannot be decoded are a terminal error, because a retry
 * would fail too.
 */
function decodeRequest(method: DescMethod, { input, message }: Attempt): Message {
  if (isMessage(message, method.input)) {
    return message;
  }
  return decodeMessage({
    what: `the request of ${method.parent.typeName}/${method.name}`,
    schema: method.input,
    format: binaryFormat,
    bytes: input,
    code: Code.InvalidArgument,
  });
}
