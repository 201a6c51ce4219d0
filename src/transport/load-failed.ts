import { Code, type ConnectError } from "@connectrpc/connect";
import { errorWithCause, messageOf } from "../model/error-with-cause.ts";

/** The error for a part of a transport that cannot be loaded, as in a page that has gone offline. */
export function loadFailed(cause: unknown): ConnectError {
  const message = `a part of the transport cannot be loaded: ${messageOf(cause)}`;
  return errorWithCause(message, Code.Unavailable, cause);
}
