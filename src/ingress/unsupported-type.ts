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
export function unsupportedStreamType({ headers }: HttpRequest, { parent, name }: DescMethod): HttpResponse {
  const text = `${givenType(headers)}, and ${parent.typeName}/${name} is a stream: call it over HTTP/2, with one of ${acceptedStreams.join(", ")}.`;
  return textResponse(415, text, [["accept-post", acceptedStreams.join(", ")]]);
}

function givenType(headers: RequestHeaders): string {
  const type = headerOf(headers, "content-type");
  return type === undefined ? "there is no content-type" : `content-type is ${excerpt(type)}`;
}
