import type { ConnectError } from "@connectrpc/connect";
import { failureToError } from "../model/failure.ts";
import type { Failure, HeaderList } from "../model/outcome.ts";
import { restateHeaders } from "../model/restate-headers.ts";

/** The error an invocation ended with, marked as its outcome so that callers can distinguish it from a failure to reach it. */
export function outcomeError(failure: Failure, headers: HeaderList): ConnectError {
  const error = failureToError(failure);
  for (const [name, value] of headers) {
    error.metadata.set(name, value);
  }
  error.metadata.set(restateHeaders.errorSource, "invocation");
  return error;
}

/** Says of any other error that it is the ingress's own. */
export function ingressError(error: ConnectError): ConnectError {
  if (!error.metadata.has(restateHeaders.errorSource)) {
    error.metadata.set(restateHeaders.errorSource, "ingress");
  }
  return error;
}
