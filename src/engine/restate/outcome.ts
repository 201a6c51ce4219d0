import { ConnectError } from "@connectrpc/connect";
import { failureFrom } from "../../model/failure.ts";
import type { Outcome } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { isErrorMetadata } from "../../wire/protocol-headers.ts";

/** The success with this response. Restate keeps no headers of it. */
export function success(output: Uint8Array): Outcome {
  return { ok: true, output, headers: [], trailers: [] };
}

/** Returns the error that the invocation ended with. Rethrows any other error, because it is not an outcome. */
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
