import { type Code, ConnectError } from "@connectrpc/connect";
import { isError } from "./is-error.ts";

/** A `ConnectError` with the error that led to it as its `cause`. */
export function errorWithCause(message: string, code: Code, cause: unknown): ConnectError {
  return new ConnectError(message, code, undefined, undefined, cause);
}

/** The message of any thrown value. */
export function messageOf(reason: unknown): string {
  return isError(reason) ? reason.message : String(reason);
}
