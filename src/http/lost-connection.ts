import { Code, ConnectError } from "@connectrpc/connect";
import { errorWithCause, messageOf } from "../model/error-with-cause.ts";
import { isError } from "../model/is-error.ts";

const handshakeFailed =
  "the TLS handshake failed. Does the URL say https:// where the server speaks http://?";
const largeHeaders =
  "the response headers are larger than this client accepts. Raise the limit with nodeOptions: { maxHeaderSize }, or send less metadata";

/** What an error code of the system mostly means. */
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
  [
    "ERR_HTTP2_ERROR",
    'the server does not speak HTTP/2, which gRPC needs. Over HTTP/1.1 (httpVersion: "1.1") use protocol: "connect" or "grpc-web"',
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

/** What an error code of Node's HTTP/1.1 parser, or of undici's, means. The same request would fail again. */
const unreadable: ReadonlyMap<string, string> = new Map([
  [
    "HPE_INVALID_CONSTANT",
    'the server does not speak HTTP/1.1. An HTTP/2-only server needs httpVersion: "2"',
  ],
  ["HPE_HEADER_OVERFLOW", largeHeaders],
  ["UND_ERR_HEADERS_OVERFLOW", largeHeaders],
]);

/** The meaning of a code. OpenSSL has hundreds, which name what it did not like in a handshake. */
function meaningOf(code: string): string | undefined {
  return systemErrors.get(code) ?? (code.startsWith("ERR_SSL_") ? handshakeFailed : undefined);
}

/** Why a response cannot be read at all, if that is what the code says. */
function whyUnreadable(code: string): string | undefined {
  return unreadable.get(code) ?? (code.startsWith("HPE_") ? "the response is not valid HTTP/1.1" : undefined);
}

/**
 * The error for a response that never came, or broke off. It names the URL and the likely cause, and has the
 * system's error as its `cause`. Its code is `unavailable`, which gRPC has for a lost connection and retries
 * repeat; or `internal` for a response that is not valid HTTP, which a retry would only get again. An error that
 * says enough already stays as it is.
 */
export function lostConnection(url: string, reason: unknown): ConnectError {
  for (const code of errorCodes(reason)) {
    const meaning = meaningOf(code);
    if (meaning !== undefined) {
      return errorWithCause(`cannot reach ${url} (${code}): ${meaning}`, Code.Unavailable, reason);
    }
    const why = whyUnreadable(code);
    if (why !== undefined) {
      return errorWithCause(`cannot read the response of ${url} (${code}): ${why}`, Code.Internal, reason);
    }
  }
  if (reason instanceof ConnectError) {
    return reason;
  }
  return errorWithCause(
    `lost the connection to ${url} before the response was complete: ${String(reason)}`,
    Code.Unavailable,
    reason,
  );
}

/**
 * Begins a request.
 *
 * @throws ConnectError `invalid_argument` when Node refuses to send it: it would fail the next time too
 */
export function beginRequest<T>(url: string, begin: () => T): T {
  try {
    return begin();
  } catch (cause) {
    throw errorWithCause(
      `a request to ${url} cannot be sent: ${messageOf(cause)}`,
      Code.InvalidArgument,
      cause,
    );
  }
}

/** The `code`s of an error, its causes, and the members of an AggregateError among them. */
function errorCodes(reason: unknown, depth = 0): string[] {
  if (!isError(reason) || depth > 5) {
    return [];
  }
  const own = "code" in reason && typeof reason.code === "string" ? [reason.code] : [];
  const members = "errors" in reason && Array.isArray(reason.errors) ? reason.errors : [];
  return [...own, ...[reason.cause, ...members].flatMap((inner) => errorCodes(inner, depth + 1))];
}
