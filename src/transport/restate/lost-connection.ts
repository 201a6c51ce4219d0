import { Code, ConnectError } from "@connectrpc/connect";

/** No complete response: `unavailable`, with the system's error as the cause. An abort stays what it is. */
export function lostConnection(reason: unknown): unknown {
  if (reason instanceof ConnectError || (reason instanceof Error && reason.name === "AbortError")) {
    return reason;
  }
  const text = reason instanceof Error ? reason.message : String(reason);
  return new ConnectError(
    `lost the connection to Restate: ${text}`,
    Code.Unavailable,
    undefined,
    undefined,
    reason,
  );
}

/** What an aborted signal asks to fail with, as an Error that streams take. */
export function abortError(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException(String(reason), "AbortError");
}
