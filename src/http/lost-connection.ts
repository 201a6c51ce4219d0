import { Code, ConnectError } from "@connectrpc/connect";

const handshakeFailed = "the TLS handshake failed. Is it http:// where you wrote https://?";

/** What the system says, and what it mostly means. */
const systemErrors: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there. Is the ingress running, and is the port right?"],
  ["ENOTFOUND", "the host name does not resolve. Check baseUrl"],
  ["EAI_AGAIN", "the host name does not resolve right now. Check baseUrl and the network"],
  ["EHOSTUNREACH", "no route to the host. Check baseUrl and the network"],
  ["ENETUNREACH", "no route to the network. Check baseUrl and the network"],
  ["ETIMEDOUT", "the host does not answer. Check baseUrl, the network and firewalls"],
  [
    "ECONNRESET",
    "the connection was reset. The server may have restarted, or speaks another HTTP version (see httpVersion)",
  ],
  [
    "UND_ERR_SOCKET",
    "the connection was closed. The server may have restarted, or speaks another HTTP version",
  ],
  ["EPROTO", handshakeFailed],
  ["HPE_INVALID_CONSTANT", 'that is no HTTP/1.1 server. An HTTP/2-only one needs httpVersion: "2"'],
  [
    "ERR_HTTP2_ERROR",
    'that is no HTTP/2 server. Try httpVersion: "1.1", or protocol: "connect" in place of "grpc"',
  ],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate is self-signed. Trust it with nodeOptions: { ca }"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "the certificate's issuer is not trusted. Trust it with nodeOptions: { ca }"],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "the server's certificate is for another host name. Check baseUrl, or the certificate",
  ],
  [
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "the server asks for a client certificate. Give it one with nodeOptions: { cert, key }",
  ],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "the certificate's issuer is not trusted. Trust it with nodeOptions: { ca }",
  ],
]);

/** What a code means. Those of OpenSSL, of which there are hundreds, name what it did not like in a handshake. */
function meaningOf(code: string): string | undefined {
  return systemErrors.get(code) ?? (code.startsWith("ERR_SSL_") ? handshakeFailed : undefined);
}

/**
 * The error for an answer that never came, or broke off: it names the URL and the likely cause. It is
 * `unavailable`, as gRPC has it for a lost connection, with the system's error as its cause. Errors that say
 * enough already pass as they are.
 */
export function lostConnection(url: string, reason: unknown): ConnectError {
  for (const code of errorCodes(reason)) {
    const meaning = meaningOf(code);
    if (meaning !== undefined) {
      return unavailable(`cannot reach ${url} (${code}): ${meaning}`, reason);
    }
  }
  if (reason instanceof ConnectError) {
    return reason;
  }
  if (reason instanceof TypeError) {
    // All that fetch tells in a browser, whatever went wrong.
    return unavailable(
      `cannot reach ${url} (${reason.message}): is the ingress running, does it allow this page's origin (CORS), ` +
        "and is the page not https where baseUrl is http?",
      reason,
    );
  }
  return unavailable(
    `lost the connection to ${url} before the answer was complete: ${String(reason)}`,
    reason,
  );
}

/**
 * Begins a request.
 *
 * @throws ConnectError `invalid_argument` when Node refuses it: it was never on its way, and would fail the
 *   next time too
 */
export function beginRequest<T>(url: string, begin: () => T): T {
  try {
    return begin();
  } catch (cause) {
    throw new ConnectError(
      `a request to ${url} cannot be sent: ${cause instanceof Error ? cause.message : cause}`,
      Code.InvalidArgument,
      undefined,
      undefined,
      cause,
    );
  }
}

function unavailable(message: string, cause: unknown): ConnectError {
  return new ConnectError(message, Code.Unavailable, undefined, undefined, cause);
}

/** The `code`s of an error, its causes, and the members of an AggregateError among them. */
function errorCodes(reason: unknown, depth = 0): string[] {
  if (!(reason instanceof Error) || depth > 5) {
    return [];
  }
  const own = "code" in reason && typeof reason.code === "string" ? [reason.code] : [];
  const members = reason instanceof AggregateError ? reason.errors : [];
  return [...own, ...[reason.cause, ...members].flatMap((inner) => errorCodes(inner, depth + 1))];
}
