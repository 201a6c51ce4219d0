import { ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-connect";

/**
 * The error for an answer that no Connect, gRPC or gRPC-web server gives: a web page, a proxy's error page,
 * an empty 404 or 415. Undefined for an answer that the protocol itself explains.
 *
 * The code is the one that the protocols assign to the HTTP status.
 */
export function explainResponse(
  url: string,
  requestHeader: Headers,
  status: number,
  header: Headers,
): ConnectError | undefined {
  const contentType = header.get("content-type");
  if (contentType !== null && /^application\/(json|proto|connect|grpc)/i.test(contentType)) {
    return undefined;
  }
  const answer = `${url} answered HTTP ${status}${contentType === null ? "" : ` with ${contentType}`}`;
  const cause = likelyCause(status, contentType, requestHeader.get("content-type"));
  return new ConnectError(`${answer}: ${cause}`, codeFromHttpStatus(status), header);
}

function likelyCause(status: number, contentType: string | null, sentContentType: string | null): string {
  switch (status) {
    case 404:
      return "nothing is served at this path. Check baseUrl (path prefix included) and that the service is registered";
    case 405:
      return "the server takes no POST here. baseUrl is probably that of a web site, not of an ingress";
    case 415:
      return `the server does not take ${sentContentType}. Try another protocol or format in createTransport`;
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
