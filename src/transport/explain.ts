import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-connect";

/** What a transport asked for, as far as an explanation needs it. */
export interface Asked {
  readonly url: string;
  /** The request's content type. */
  readonly contentType: string | null;
}

/**
 * The error for an answer that no Connect, gRPC or gRPC-web server gives: a web page, a proxy's error page,
 * an empty 404 or 415. Undefined for an answer that the protocol itself explains.
 *
 * The code is the one that the protocols assign to the HTTP status.
 */
export function explainResponse(asked: Asked, status: number, header: Headers): ConnectError | undefined {
  const contentType = header.get("content-type");
  if (contentType !== null && /^application\/(json|proto|connect|grpc)/i.test(contentType)) {
    return undefined;
  }
  const answer = `${asked.url} answered HTTP ${status}${contentType === null ? "" : ` with ${contentType}`}`;
  return new ConnectError(
    `${answer}: ${likelyCause(asked, status, contentType)}`,
    codeFromHttpStatus(status),
    header,
  );
}

function likelyCause(asked: Asked, status: number, contentType: string | null): string {
  switch (status) {
    case 404:
      return "nothing is served at this path. Check baseUrl (path prefix included) and that the service is registered";
    case 405:
      return "the server takes no POST here. baseUrl is probably that of a web site, not of an ingress";
    case 415:
      return `the server does not take ${asked.contentType}. Try another protocol or format in createTransport`;
    case 401:
    case 403:
      return "something in front of the ingress refused the request. Check credentials, and CORS if in a browser";
    case 429:
    case 502:
    case 503:
    case 504:
      return "a proxy in front of the ingress could not reach it, or shed load. Try again later";
  }
  if (contentType?.startsWith("text/html")) {
    return "that is a web page, not an ingress. Check baseUrl: host, port and path prefix";
  }
  return "that is no answer of a Connect, gRPC or gRPC-web server. Check baseUrl and protocol";
}

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
  ["EPROTO", "the TLS handshake failed. Is it http:// where you wrote https://?"],
  ["HPE_INVALID_CONSTANT", 'that is no HTTP/1.1 server. An HTTP/2-only one needs httpVersion: "2"'],
  [
    "ERR_HTTP2_ERROR",
    'that is no HTTP/2 server. Try httpVersion: "1.1", or protocol: "connect" in place of "grpc"',
  ],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate is self-signed. Trust it with nodeOptions: { ca }"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "the certificate's issuer is not trusted. Trust it with nodeOptions: { ca }"],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "the certificate's issuer is not trusted. Trust it with nodeOptions: { ca }",
  ],
]);

/**
 * Names the URL and the likely cause where a request never got an answer. Keeps the code and has the
 * system's error as its cause. Errors that say enough already pass as they are.
 */
export function explainFailure(asked: Asked, reason: unknown): unknown {
  const code = errorCodes(reason).find((c) => systemErrors.has(c));
  if (code !== undefined) {
    return new ConnectError(
      `cannot reach ${asked.url} (${code}): ${systemErrors.get(code)}`,
      reason instanceof ConnectError ? reason.code : Code.Unavailable,
      undefined,
      undefined,
      reason,
    );
  }
  if (reason instanceof TypeError && !(reason instanceof ConnectError)) {
    // All that fetch tells in a browser, whatever went wrong.
    return new ConnectError(
      `cannot reach ${asked.url} (${reason.message}): is the ingress running, does it allow this page's origin (CORS), ` +
        "and is the page not https where baseUrl is http?",
      Code.Unavailable,
      undefined,
      undefined,
      reason,
    );
  }
  return reason;
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
