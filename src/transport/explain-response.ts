import { Code, ConnectError } from "@connectrpc/connect";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-connect";

/** An answer, as far as it came before its body. */
export interface AnswerHead {
  readonly status: number;
  readonly header: Headers;
}

/**
 * What an answer is by its status and content type: one of the protocol that the request speaks, an error of
 * the Connect protocol if its body says so too, or one of something else.
 */
export function kindOfAnswer(
  requestHeader: Headers,
  { status, header }: AnswerHead,
): "ours" | "maybe error" | "foreign" {
  const sent = mediaType(requestHeader);
  const answered = mediaType(header);
  const [, rpc] = /^application\/(grpc-web|grpc|connect)\b/.exec(sent) ?? [];
  if (rpc !== undefined) {
    return answered.startsWith(`application/${rpc}`) ? "ours" : "foreign";
  }
  if (status !== 200) {
    return isJson(header) ? "maybe error" : "foreign";
  }
  // A GET has no content type, and is answered in the encoding that its URL asks for.
  const expected = sent === "" ? ["application/proto", "application/json"] : [sent];
  return expected.includes(answered) ? "ours" : "foreign";
}

/** True for a body that an error can show. */
export function isJson(header: Headers): boolean {
  return mediaType(header) === "application/json";
}

function mediaType(header: Headers): string {
  return (header.get("content-type") ?? "").replace(/;.*$/s, "").trim().toLowerCase();
}

/**
 * True for the body of an error of the Connect protocol: JSON with a `code` that is text. Clients shall put up
 * with an error that lacks it, but where the status alone says that nothing of ours is there, a `message` is
 * more likely that of another API.
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
 * show), and the likely cause. `expected` is what should have answered.
 *
 * The code is the one that the protocols assign to the HTTP status, and `internal` for a success in the wrong
 * encoding.
 */
export function explainResponse(
  url: string,
  requestHeader: Headers,
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
  const cause = isRedirect(status) ? redirectCause(header) : likelyCause(head, requestHeader, expected);
  const isEncoding = status === 200 && /^application\/(json|proto)$/.test(mediaType(header));
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

function likelyCause({ status, header }: AnswerHead, requestHeader: Headers, expected: string): string {
  switch (status) {
    case 404:
      return "nothing is served at this path. Check baseUrl (path prefix included) and that the service is registered";
    case 405:
      return "the server takes no POST here. baseUrl is probably that of a web site, not of an ingress";
    case 415:
      return `the server does not take ${requestHeader.get("content-type")}. Try another protocol or format in createTransport`;
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
  return `that is no answer of ${expected}. Check baseUrl and protocol`;
}
