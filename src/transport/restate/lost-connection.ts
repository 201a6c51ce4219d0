import { Code, ConnectError } from "@connectrpc/connect";

/** No complete response: `unavailable`, with the system's error as the cause. */
export function lostConnection(baseUrl: string, reason: unknown): ConnectError {
  const hint = isNoHttp2(reason) ? '. Is that an HTTP/2 server? If not, set httpVersion to "1.1"' : "";
  return new ConnectError(
    `no answer from Restate at ${baseUrl}: ${String(reason)}${hint}`,
    Code.Unavailable,
    undefined,
    undefined,
    reason,
  );
}

function isNoHttp2(reason: unknown): boolean {
  return reason instanceof Error && "code" in reason && reason.code === "ERR_HTTP2_ERROR";
}
