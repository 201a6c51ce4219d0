import { Code, ConnectError } from "@connectrpc/connect";

/**
 * No complete response: `unavailable`, with the system's error as the cause. A request that Node refuses to
 * send was never on its way: `invalid_argument`, for it fails the next time too.
 */
export function lostConnection(baseUrl: string, reason: unknown): ConnectError {
  if (reason instanceof TypeError) {
    return new ConnectError(
      `a request to Restate at ${baseUrl} cannot be sent: ${reason.message}`,
      Code.InvalidArgument,
      undefined,
      undefined,
      reason,
    );
  }
  const hint = isNoHttp2(reason) ? '. Is that an HTTP/2 server? If not, set httpVersion to "1.1"' : "";
  return new ConnectError(
    `no answer from Restate at ${baseUrl}: ${String(reason)}${hint}`,
    Code.Unavailable,
    undefined,
    undefined,
    reason,
  );
}

/** Begins a request. What Node throws at once is a {@link lostConnection} too. */
export function beginRequest<T>(baseUrl: string, begin: () => T): T {
  try {
    return begin();
  } catch (reason) {
    throw lostConnection(baseUrl, reason);
  }
}

function isNoHttp2(reason: unknown): boolean {
  return reason instanceof Error && "code" in reason && reason.code === "ERR_HTTP2_ERROR";
}
