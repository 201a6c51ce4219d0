import type { HttpRequest, HttpResponse } from "./http/exchange.ts";
import { headerOf } from "./http/headers.ts";

/** What a POST may be, by protocol. Those of gRPC may leave `+proto` out. */
const accepted = [
  "application/json",
  "application/proto",
  "application/grpc+proto",
  "application/grpc+json",
  "application/grpc-web+proto",
  "application/grpc-web+json",
  "application/grpc-web-text+proto",
] as const;

/**
 * HTTP 415, for what is of no protocol. The clients of all protocols go by the status; the text is for people.
 */
export function unsupportedType({ method, headers }: HttpRequest): HttpResponse {
  const type = headerOf(headers, "content-type");
  const problem = type === undefined ? "there is no content-type" : `content-type is ${type}`;
  const text =
    method === "GET"
      ? "A GET calls a method without side effects: give the query parameters encoding (json or proto) and message, and no content-type. Else use POST.\n"
      : `${problem}: send application/json (in UTF-8) or application/proto, or one of ${accepted.slice(2).join(", ")}.\n`;
  const body = Buffer.from(text);
  return {
    status: 415,
    headers: [
      ["accept-post", accepted.join(", ")],
      ["content-type", "text/plain; charset=utf-8"],
      ["content-length", String(body.byteLength)],
    ],
    body,
  };
}
