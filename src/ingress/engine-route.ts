import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { CallResult, EngineCallOptions } from "../engine/engine.ts";
import type { HeaderList } from "../model/outcome.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import type { Target } from "../model/target.ts";
import { targetOf } from "../model/target.ts";
import { type GetHeader, refuseDelay } from "../wire/invocation-headers.ts";
import { readObjectKey } from "../wire/object-key.ts";
import type { Codec } from "./codec.ts";
import { outcomeError } from "./error-source.ts";
import { idempotencyOf } from "./idempotency.ts";
import type { UnaryReply } from "./protocol/protocol.ts";
import { reserveOutcome } from "./reserve-outcome.ts";
import type { UnaryRequest, UnaryRoute } from "./route.ts";

/** A method of a user's service: calls it through the operations of whoever asks, and answers with its outcome. */
export function engineRoute(method: DescMethod, codec: Codec): UnaryRoute {
  return {
    kind: "unary",
    method,
    allowsGet: method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS,
    async handle(request) {
      refuseDelay(request.header);
      const { target, bytes } = readCall(method, request, codec);
      const result = await request.operations.call(target, bytes, callOptions(method, request));
      request.signal.throwIfAborted(); // nobody waits for what would be encoded
      return replyOf(method, result, request, codec);
    },
  };
}

/** Apart, so that nobody holds the decoded message while the call runs. */
function readCall(
  method: DescMethod,
  request: UnaryRequest,
  codec: Codec,
): { readonly target: Target; readonly bytes: Uint8Array } {
  const { message, bytes } = codec.argument(method.input, request);
  return { target: targetOf(method, message, readObjectKey(request.header)), bytes };
}

function callOptions(method: DescMethod, request: UnaryRequest): EngineCallOptions {
  const { header, metadata, signal } = request;
  return {
    headers: [...metadata, ...deadlineOf(header)],
    signal,
    idempotency: idempotencyOf(method, header),
    reserve: reserveOutcome(request),
  };
}

/** A call's deadline is for its handler to see too; that of a send is not: it ends when the send is accepted. */
function deadlineOf(header: GetHeader): HeaderList {
  return ["connect-timeout-ms", "grpc-timeout"].flatMap((name) => {
    const value = header(name);
    return value === null || value === undefined ? [] : [[name, value] as const];
  });
}

function replyOf(method: DescMethod, result: CallResult, { format }: UnaryRequest, codec: Codec): UnaryReply {
  const headers = resultHeaders(result);
  const { outcome } = result;
  if (outcome.ok) {
    return {
      message: codec.transcode(method.output, format, outcome.output),
      headers: [...headers, ...outcome.headers],
      trailers: outcome.trailers,
    };
  }
  throw outcomeError(outcome.failure, headers);
}

function resultHeaders({ id, expiresAt }: CallResult): HeaderList {
  const headers: [string, string][] = [[restateHeaders.invocationId, id]];
  if (expiresAt !== undefined) {
    headers.push([restateHeaders.idempotencyExpires, expiresAt.toISOString()]);
  }
  return headers;
}
