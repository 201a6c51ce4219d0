import { Code, ConnectError } from "@connectrpc/connect";

/** No complete response: `unavailable`, with the system's error as the cause. An abort stays what it is. */
export function lostConnection(baseUrl: string, reason: unknown): unknown {
  if (reason instanceof Error && reason.name === "AbortError") {
    return reason;
  }
  const text = reason instanceof ConnectError ? reason.rawMessage : String(reason);
  const hint = isNoHttp2(reason) ? '. Is that an HTTP/2 server? If not, set httpVersion to "1.1"' : "";
  return new ConnectError(
    `no answer from Restate at ${baseUrl}: ${text}${hint}`,
    Code.Unavailable,
    undefined,
    undefined,
    reason,
  );
}

function isNoHttp2(reason: unknown): boolean {
  return reason instanceof Error && "code" in reason && reason.code === "ERR_HTTP2_ERROR";
}

/** What an aborted signal asks to fail with, as an Error that streams take. */
export function abortError(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException(String(reason), "AbortError");
}
