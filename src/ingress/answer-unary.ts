import { Code, ConnectError } from "@connectrpc/connect";
import type { Operations } from "../engine/engine.ts";
import type { Logger } from "../model/logger.ts";
import type { Admit } from "./authenticate.ts";
import { ingressError } from "./error-source.ts";
import { type Caller, watchCaller } from "./http/caller.ts";
import { headerOf } from "./http/headers.ts";
import type { NodeRequest, NodeResponse } from "./http/node.ts";
import { readBody } from "./http/read-body.ts";
import type { Limits } from "./limits.ts";
import type { RequestMemory } from "./memory.ts";
import type { HttpAnswer, Protocol } from "./protocol/protocol.ts";
import type { UnaryRoute } from "./route.ts";

/** A request, and where its answer goes. */
export interface Exchange {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly operations: Operations;
  readonly admit: Admit;
  readonly memory: RequestMemory;
  readonly logger: Logger;
}

/**
 * Reads a unary request, runs its method, and gives the response or error of its protocol. A caller that has
 * gone, or whose deadline has passed, gets that for an answer, whatever is still going on.
 */
export function answerUnary(
  route: UnaryRoute,
  protocol: Protocol,
  exchange: Exchange,
  limits: Limits,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown) => resolve(protocol.failure(publicError(reason, exchange.logger)));
    const caller = watchCaller(exchange.response, fail);
    run(route, protocol, exchange, limits, caller)
      .then(resolve, (reason: unknown) => {
        if (!caller.signal.aborted) {
          fail(reason);
        }
      })
      .catch(reject)
      .finally(caller.release);
  });
}

async function run(
  { method, handle }: UnaryRoute,
  protocol: Protocol,
  { request, response, operations, admit, memory }: Exchange,
  { maxMessageBytes, requestTimeoutMs }: Limits,
  { signal, expire }: Caller,
): Promise<HttpAnswer> {
  expire(protocol.timeoutMs());
  const admitted = admit(method);
  const metadata = admitted instanceof Promise ? await admitted : admitted;
  const maxBytes = protocol.maxBodyBytes(maxMessageBytes);
  const { hold } = memory;
  const body = await readBody(request, response, { maxBytes, timeoutMs: requestTimeoutMs, signal, hold });
  const message = await protocol.unwrap(body, { maxMessageBytes, hold });
  signal.throwIfAborted();
  const reply = await handle({
    format: protocol.format,
    message,
    header: (name) => headerOf(request.headers, name),
    metadata,
    memory,
    operations,
    admit,
    signal,
  });
  signal.throwIfAborted();
  return protocol.success(reply, signal);
}

/** A `ConnectError` is meant for the caller. Any other error is a fault of the server: its log gets it. */
export function publicError(reason: unknown, logger: Logger): ConnectError {
  if (reason instanceof ConnectError) {
    return ingressError(reason);
  }
  logger.error("a request failed with an internal error", { error: reason });
  return ingressError(new ConnectError("internal error", Code.Internal));
}
