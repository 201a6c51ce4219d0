import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "../wire/codes.ts";
import { mediaType } from "../wire/media-type.ts";

/** A response without its body. */
export interface ResponseHead {
  readonly status: number;
  readonly header: Headers;
}

/** As much of a foreign body as an error shows, characters. */
const maxShown = 200;

/**
 * The error for a response that no server of the protocol gives: a web page, an empty 404 or 415, the error of a
 * proxy or of another API. It names the URL, the response (with `body`, where that is text) and the likely cause.
 * `sent` is the request's content type, and `expected` is the server that should have answered.
 *
 * The code is the one that the protocols assign to the HTTP status, and `internal` for a success in the wrong
 * encoding.
 */
export function explainResponse(
  url: string,
  sent: string | undefined,
  head: ResponseHead,
  body = "",
  expected = "a Connect, gRPC or gRPC-web server",
): ConnectError {
  const { status, header } = head;
  const contentType = header.get("content-type");
  const text = body.replace(/\s+/g, " ").trim();
  const answer = [
    `${url} answered HTTP ${status === 0 ? "3xx" : status}`,
    ...(contentType === null ? [] : [` with ${contentType}`]),
    ...(text === "" ? [] : [` (${text.length > maxShown ? `${text.slice(0, maxShown)}…` : text})`]),
  ].join("");
  const cause = isRedirect(status) ? redirectCause(header) : likelyCause(head, sent, expected);
  const isEncoding = status === 200 && /^application\/(json|proto)$/.test(mediaType(contentType));
  const code = isEncoding ? Code.Internal : codeFromHttpStatus(status);
  return new ConnectError(`${answer}: ${cause}`, code, header);
}

/** Browsers show of a redirect that it is one, with the status 0, and not where it leads. */
function isRedirect(status: number): boolean {
  return [0, 301, 302, 303, 307, 308].includes(status);
}

function redirectCause(header: Headers): string {
  const location = header.get("location");
  return `that is a redirect${location === null ? "" : ` to ${location}`}, and calls follow none. Set baseUrl to where it leads`;
}

function likelyCause({ status, header }: ResponseHead, sent: string | undefined, expected: string): string {
  switch (status) {
    case 404:
      return "nothing is served at this path. Check baseUrl (path prefix included) and that the service is registered";
    case 405:
      return "the server does not accept POST here. baseUrl is probably the URL of a web site, not of an ingress";
    case 415:
      return `the server does not take ${sent}. Try another protocol or format in createTransport`;
    case 401:
    case 403:
      return "something in front of the ingress refused the request. Check credentials, and CORS if in a browser";
    case 429:
    case 502:
    case 503:
    case 504:
      return "a proxy in front of the ingress could not reach it, or shed load. Try again later";
  }
  if (header.get("content-type")?.startsWith("text/html")) {
    return "that is a web page, not an ingress. Check baseUrl: host, port and path prefix";
  }
  return `that does not look like ${expected}. Check baseUrl and protocol`;
}
