import { Code, ConnectError } from "@connectrpc/connect";
import { restateHeaders } from "../../wire/restate-headers.ts";
import type { Outcome } from "../engine.ts";
import { failureFrom } from "../failure.ts";

/** The success with this response. Restate keeps no headers of it. */
export function success(output: Uint8Array): Outcome {
  return { ok: true, output, headers: [], trailers: [] };
}

/**
 * The invocation's own error. Anything else that went wrong is thrown on: it is no outcome.
 *
 * @param attachedTo the id that was waited for. Restate answers an unknown one as if the invocation itself
 *   had failed with `not found`.
 */
export function callFailure(reason: unknown, attachedTo?: string): ConnectError {
  if (!(reason instanceof ConnectError) || reason.metadata.get(restateHeaders.errorSource) !== "invocation") {
    throw reason;
  }
  if (attachedTo !== undefined && reason.code === Code.NotFound && reason.rawMessage === "not found") {
    throw new ConnectError(`invocation ${attachedTo} is not known, or its retention is over`, Code.NotFound);
  }
  return reason;
}

/** The failure that this error is, without the headers of the HTTP answer that brought it. */
export function failedOutcome(error: ConnectError): Outcome {
  const failure = failureFrom(error);
  const metadata = failure.metadata.filter(
    ([name]) =>
      !name.startsWith("x-restate-") && !name.startsWith("access-control-") && !isOfAnswer.has(name),
  );
  return { ok: false, failure: { ...failure, metadata } };
}

const isOfAnswer: ReadonlySet<string> = new Set([restateHeaders.idempotencyExpires]);
