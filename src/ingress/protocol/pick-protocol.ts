import { headerOf, type RequestHeaders } from "../http/headers.ts";
import { connectPost } from "./connect.ts";
import { connectGet } from "./connect-get.ts";
import { grpc } from "./grpc.ts";
import { textRequests, textResponses } from "./grpc-web-text.ts";
import type { Format, Protocol } from "./protocol.ts";

/** What is needed of a request to tell its protocol. */
export interface Asked {
  readonly method: string;
  readonly headers: RequestHeaders;
  readonly query: string;
}

/**
 * Tells the protocol of a unary request by HTTP method and content type.
 *
 * @returns undefined when there is none: HTTP 415.
 */
export function pickProtocol({ method, headers, query }: Asked): Protocol | undefined {
  const contentType = headerOf(headers, "content-type");
  if (method === "GET") {
    return contentType === undefined ? connectGet(query, headers) : undefined;
  }
  if (method !== "POST" || contentType === undefined) {
    return undefined;
  }
  const type = mediaType(contentType);
  switch (type) {
    case "application/json":
      return connectPost("json", headers);
    case "application/proto":
    case "application/protobuf":
      return connectPost("binary", headers);
    default:
      return type === undefined ? undefined : pickGrpc(type, headers);
  }
}

/** The type in lower case and without parameters; undefined for a charset other than UTF-8. */
function mediaType(contentType: string): string | undefined {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  const otherCharset = parameters.some((parameter) => /^\s*charset=(?!"?utf-?8"?\s*$)/.test(parameter));
  return otherCharset ? undefined : type.trim();
}

const grpcType = /^(application\/grpc(?<web>-web)?(?<text>-text)?)(\+(?<suffix>proto|json))?$/;

function pickGrpc(type: string, headers: RequestHeaders): Protocol | undefined {
  const groups = grpcType.exec(type)?.groups;
  if (groups === undefined || (groups.text !== undefined && groups.web === undefined)) {
    return undefined;
  }
  const { web, text, suffix } = groups;
  const format: Format = suffix === "json" ? "json" : "binary";
  if (web === undefined) {
    return grpc(type, format, "http", headers);
  }
  const answersText = wantsText(headerOf(headers, "accept")) ?? text !== undefined;
  const answerType = `application/grpc-web${answersText ? "-text" : ""}${suffix === undefined ? "" : `+${suffix}`}`;
  const binary = grpc(answerType, format, "body", headers);
  const reading = text === undefined ? binary : textRequests(binary);
  return answersText ? textResponses(reading) : reading;
}

/** Which of the two encodings of gRPC-web `Accept` names, if it names one. */
function wantsText(accept: string | undefined): boolean | undefined {
  return accept?.includes("application/grpc-web") ? accept.includes("application/grpc-web-text") : undefined;
}
