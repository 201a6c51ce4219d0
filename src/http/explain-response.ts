import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-connect";

/** An answer, as far as it came before its body. */
export interface AnswerHead {
  readonly status: number;
  readonly header: Headers;
}

/** A content type without its parameters, in lower case; empty where there is none. */
export function mediaType(contentType: string | null | undefined): string {
  return (contentType ?? "").replace(/;.*$/s, "").trim().toLowerCase();
}

/**
 * True for the body of an error of the Connect protocol: JSON with a `code` that is text. Clients must accept
 * an error without it, but if the status alone suggests a different server, a `message` is
 * more likely from another API.
 */
export function isConnectError(status: number, body: string): boolean {
  let value: { code?: unknown; message?: unknown } | null;
  try {
    value = JSON.parse(body);
  } catch {
    return false;
  }
  const isLenient = typeof value?.message === "string" && (value.code ?? null) === null;
  return typeof value?.code === "string" || (isLenient && ![404, 405, 415].includes(status));
}

/** As much of a foreign body as an error shows, characters. */
const maxShown = 200;

/**
 * The error for an answer that no server of the protocol gives: a web page, an empty 404 or 415,
 * the error of a proxy or of another API. It names the URL, what answered (`body`: where it is text to
 * show), and the likely cause. `sent` is the request's content type,
 * and `expected` what should have answered.
 *
 * The code is the one that the protocols assign to the HTTP status, and `internal` for a success in the wrong
 * encoding.
 */
export function explainResponse(
  url: string,
  sent: string | undefined,
  head: AnswerHead,
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

function likelyCause({ status, header }: AnswerHead, sent: string | undefined, expected: string): string {
  switch (status) {
    case 404:
      return "nothing is served at this path. Check baseUrl (path prefix included) and that the service is registered";
    case 405:
      return "the server takes no POST here. baseUrl is probably that of a web site, not of an ingress";
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
