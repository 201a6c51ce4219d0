import { type DescMethod, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { Interceptor } from "@connectrpc/connect";
import type { CallResult, EngineCallOptions, ReserveOutcome } from "../engine/engine.ts";
import type { AbortNotice } from "../model/abort-notice.ts";
import type { Idempotency } from "../model/invocation.ts";
import type { HeaderList } from "../model/outcome.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { targetOf } from "../model/target.ts";
import { refuseDelay } from "../wire/invocation-headers.ts";
import { readObjectKey } from "../wire/object-key.ts";
import type { Codec } from "./codec.ts";
import { outcomeError } from "./error-source.ts";
import { idempotencyOf } from "./idempotency.ts";
import { intercept } from "./intercept.ts";
import type { Format, UnaryResponse } from "./protocol/protocol.ts";
import { reserveOutcome } from "./reserve-outcome.ts";
import type { UnaryRequest, UnaryRoute } from "./route.ts";

/** The route of a user's method: calls it through the operations of its caller, and responds with the outcome. */
export function engineRoute(
  method: DescMethod,
  codec: Codec,
  interceptors: readonly Interceptor[] = [],
): UnaryRoute {
  const isIntercepted = interceptors.length > 0;
  return {
    kind: "unary",
    method,
    allowsGet: method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS,
    handle(request) {
      refuseDelay(request.header);
      const { message, bytes } = codec.argument(method.input, request);
      if (isIntercepted) {
        return callThrough(interceptors, method, request, message, codec);
      }
      const target = targetOf(method, message, readObjectKey(request.header));
      const options = new CallOptions(request, message, idempotencyOf(method, request.header, request.scope));
      return request.operations.call(target, bytes, options).then((result) => {
        request.signal.throwIfAborted(); // nobody waits for what would be encoded
        return responseOf(method, result, request.format, codec);
      });
    },
  };
}

/** Calls through interceptors, which may change the message and the headers of request and response. */
async function callThrough(
  interceptors: readonly Interceptor[],
  method: DescMethod,
  request: UnaryRequest,
  message: Message,
  codec: Codec,
): Promise<UnaryResponse> {
  const { header, signal, scope, format, operations } = request;
  const response = await intercept(
    interceptors,
    method,
    request,
    { message, metadata: request.metadata },
    async (passed) => {
      const target = targetOf(method, passed.message, readObjectKey(header));
      const result = await operations.call(target, toBinary(method.input, passed.message), {
        signal,
        idempotency: idempotencyOf(method, header, scope),
        reserve: reserveOutcome(request),
        headers: [...passed.metadata, ...deadlineOf(request)],
      });
      signal.throwIfAborted();
      const { message: output, headers, trailers } = responseOf(method, result, "binary", codec);
      return { message: fromBinary(method.output, output), headers, trailers };
    },
  );
  const { headers, trailers } = response;
  return { message: codec.encode(method.output, format, response.message), headers, trailers };
}

/** The options of a call. Few handlers look at its headers: the list is made for those that do. */
class CallOptions implements EngineCallOptions {
  readonly message: Message;
  readonly idempotency: Idempotency | undefined;
  readonly #request: UnaryRequest;

  constructor(request: UnaryRequest, message: Message, idempotency: Idempotency | undefined) {
    this.message = message;
    this.#request = request;
    this.idempotency = idempotency;
  }

  get signal(): AbortNotice {
    return this.#request.signal;
  }

  get reserve(): ReserveOutcome {
    return reserveOutcome(this.#request);
  }

  get headers(): HeaderList {
    return [...this.#request.metadata, ...deadlineOf(this.#request)];
  }
}

/** A call's deadline is for its handler to see too; that of a send is not: it ends when the send is accepted. */
function deadlineOf({ header }: UnaryRequest): HeaderList {
  return ["connect-timeout-ms", "grpc-timeout"].flatMap((name) => {
    const value = header(name);
    return value === null || value === undefined ? [] : [[name, value] as const];
  });
}

function responseOf(method: DescMethod, result: CallResult, format: Format, codec: Codec): UnaryResponse {
  const headers = resultHeaders(result);
  const { outcome } = result;
  if (!outcome.ok) {
    throw outcomeError(outcome.failure, headers);
  }
  return {
    message: codec.transcode(method.output, format, outcome.output),
    headers: outcome.headers.length === 0 ? headers : [...headers, ...outcome.headers],
    trailers: outcome.trailers,
  };
}

function resultHeaders({ id, expiresAt }: CallResult): HeaderList {
  const headers: [string, string][] = [[restateHeaders.invocationId, id]];
  if (expiresAt !== undefined) {
    headers.push([restateHeaders.idempotencyExpires, expiresAt.toISOString()]);
  }
  return headers;
}
