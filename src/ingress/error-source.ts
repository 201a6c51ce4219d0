import { ConnectError } from "@connectrpc/connect";
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

/** How long a message of the ingress's own may be, UTF-16 code units: it may quote what the caller sent. */
const maxMessageLength = 500;

/** Says of any other error that it is the ingress's own. A message that is too long is cut. */
export function ingressError(own: ConnectError): ConnectError {
  if (own.metadata.has(restateHeaders.errorSource)) {
    return own;
  }
  const error = own.rawMessage.length > maxMessageLength ? shortened(own) : own;
  error.metadata.set(restateHeaders.errorSource, "ingress");
  return error;
}

function shortened({ rawMessage, code, metadata, details, cause }: ConnectError): ConnectError {
  const text = `${rawMessage.slice(0, maxMessageLength).toWellFormed()}…`;
  const error = new ConnectError(text, code, metadata, undefined, cause);
  error.details = details;
  return error;
}
