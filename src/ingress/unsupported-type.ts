import type { DescMethod } from "@bufbuild/protobuf";
import { excerpt } from "../model/excerpt.ts";
import type { HttpRequest, HttpResponse } from "./http/exchange.ts";
import { headerOf, type RequestHeaders } from "./http/headers.ts";
import { textResponse } from "./http/text-response.ts";

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

/** What streams may be. */
const acceptedStreams = [
  "application/grpc+proto",
  "application/grpc+json",
  "application/grpc-web+proto",
  "application/grpc-web+json",
  "application/connect+proto",
  "application/connect+json",
] as const;

/** HTTP 415, for what is of no protocol. */
export function unsupportedType({ method, headers }: HttpRequest): HttpResponse {
  const text =
    method === "GET"
      ? "A GET calls a method without side effects: give the query parameters encoding (json or proto) and message, and no content-type. Else use POST."
      : `${givenType(headers)}: send application/json (in UTF-8) or application/proto, or one of ${accepted.slice(2).join(", ")}.`;
  return textResponse(415, text, [["accept-post", accepted.join(", ")]]);
}

/** HTTP 415, for a request to a stream that is of no protocol with streams, such as a unary request of Connect. */
export function unsupportedStreamType({ headers }: HttpRequest, method: DescMethod): HttpResponse {
  const http2 = method.methodKind === "bidi_streaming" ? " over HTTP/2," : "";
  const text = `${givenType(headers)}, and ${nameOf(method)} is a stream: call it${http2} with one of ${acceptedStreams.join(", ")}.`;
  return textResponse(415, text, [["accept-post", acceptedStreams.join(", ")]]);
}

/** The body of HTTP 505, for a request over HTTP/1.1 to a method that streams in both directions. */
export function needsHttp2(method: DescMethod): string {
  return `${nameOf(method)} streams in both directions, which needs HTTP/2: call it over HTTP/2 (with httpVersion: "2" in Connect for Node, --http2-prior-knowledge in curl).\n`;
}

function nameOf({ parent, name }: DescMethod): string {
  return `${parent.typeName}/${name}`;
}

function givenType(headers: RequestHeaders): string {
  const type = headerOf(headers, "content-type");
  return type === undefined ? "there is no content-type" : `content-type is ${excerpt(type)}`;
}
