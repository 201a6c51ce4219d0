import { ConnectError } from "@connectrpc/connect";
import { failureFrom } from "../../model/failure.ts";
import type { Outcome } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { isErrorMetadata } from "../../wire/protocol-headers.ts";

/** The success with this response. Restate keeps no headers of it. */
export function success(output: Uint8Array): Outcome {
  return { ok: true, output, headers: [], trailers: [] };
}

/** The invocation's own error. Anything else that went wrong is thrown on: it is no outcome. */
export function callFailure(reason: unknown): ConnectError {
  if (!(reason instanceof ConnectError) || reason.metadata.get(restateHeaders.errorSource) !== "invocation") {
    throw reason;
  }
  return reason;
}

/** The failure that this error is, with Restate's code and without the headers of the HTTP answer that brought it. */
export function failedOutcome(error: ConnectError): Outcome {
  const failure = failureFrom(error);
  const metadata = failure.metadata.filter(
    ([name]) => name === restateHeaders.errorCode || isErrorMetadata(name),
  );
  return { ok: false, failure: { ...failure, metadata } };
}
