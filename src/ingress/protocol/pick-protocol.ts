import { headerOf, type RequestHeaders } from "../http/headers.ts";
import { ConnectProtocol } from "./connect.ts";
import { connectGet } from "./connect-get.ts";
import { GrpcProtocol } from "./grpc.ts";
import { withTextBodies } from "./grpc-web-text.ts";
import type { Format, Protocol } from "./protocol.ts";

/** What a content type says. */
type MediaType =
  | { readonly protocol: "connect"; readonly format: Format }
  | { readonly protocol: "grpc"; readonly format: Format; readonly name: string }
  | {
      readonly protocol: "grpc-web";
      readonly format: Format;
      readonly isText: boolean;
      /** `+proto`, `+json` or "". */
      readonly suffix: string;
    };

/**
 * Tells the protocol of a unary request by HTTP method and content type.
 *
 * @returns undefined when there is none: HTTP 415.
 */
export function pickProtocol(method: string, headers: RequestHeaders, query: string): Protocol | undefined {
  const contentType = headerOf(headers, "content-type");
  if (method === "GET") {
    return contentType === undefined ? connectGet(query, headers) : undefined;
  }
  if (method !== "POST" || contentType === undefined) {
    return undefined;
  }
  const type = common.get(contentType) ?? parseMediaType(contentType);
  switch (type?.protocol) {
    case "connect":
      return new ConnectProtocol(type.format, headers);
    case "grpc":
      return new GrpcProtocol(type.name, type.format, "http", headers);
    case "grpc-web": {
      const response = wantsText(headerOf(headers, "accept")) ?? type.isText;
      const name = `application/grpc-web${response ? "-text" : ""}${type.suffix}`;
      const binary = new GrpcProtocol(name, type.format, "body", headers);
      return type.isText || response ? withTextBodies(binary, { request: type.isText, response }) : binary;
    }
    default:
      return undefined;
  }
}

const grpcType = /^application\/grpc(?<web>-web)?(?<text>-text)?(?<suffix>\+proto|\+json)?$/;

/** Undefined for what no protocol has, and for a charset other than UTF-8. */
function parseMediaType(contentType: string): MediaType | undefined {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  if (parameters.some((parameter) => /^\s*charset=(?!"?utf-?8"?\s*$)/.test(parameter))) {
    return undefined;
  }
  const name = type.trim();
  if (name === "application/json") {
    return { protocol: "connect", format: "json" };
  }
  if (name === "application/proto" || name === "application/protobuf") {
    return { protocol: "connect", format: "binary" };
  }
  const groups = grpcType.exec(name)?.groups;
  if (groups === undefined) {
    return undefined;
  }
  const { web, text, suffix = "" } = groups;
  const format = suffix === "+json" ? "json" : "binary";
  if (web !== undefined) {
    return { protocol: "grpc-web", format, isText: text !== undefined, suffix };
  }
  return text === undefined ? { protocol: "grpc", format, name } : undefined;
}

/** As nearly all clients write them. */
const common: ReadonlyMap<string, MediaType | undefined> = new Map(
  [
    "application/json",
    "application/proto",
    "application/grpc",
    "application/grpc+proto",
    "application/grpc-web+proto",
  ].map((type) => [type, parseMediaType(type)]),
);

/** Which of the two encodings of gRPC-web `Accept` names, if it names one. */
function wantsText(accept: string | undefined): boolean | undefined {
  return accept?.includes("application/grpc-web") ? accept.includes("application/grpc-web-text") : undefined;
}
