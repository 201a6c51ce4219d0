import { Code, ConnectError } from "@connectrpc/connect";
import { andThen } from "../../model/awaitable.ts";
import { decodeGrpcWebText, encodeGrpcWebText, grpcWebTextBytes } from "../../wire/grpc-web-text.ts";
import type { HttpResponse } from "../http/exchange.ts";
import type { Protocol } from "./protocol.ts";

/** Which bodies of gRPC-web are base64. */
export interface TextBodies {
  readonly request: boolean;
  readonly response: boolean;
}

/** Lets gRPC-web take and give base64 bodies. */
export function withTextBodies(binary: Protocol, { request, response }: TextBodies): Protocol {
  const encode = response ? encodeBody : (answer: HttpResponse) => answer;
  return {
    name: binary.name,
    format: binary.format,
    isGet: false,
    timeoutMs: () => binary.timeoutMs(),
    maxBodyBytes: (maxMessageBytes) => {
      const bytes = binary.maxBodyBytes(maxMessageBytes);
      return request ? grpcWebTextBytes(bytes) : bytes;
    },
    unwrap: (body, room) => binary.unwrap(request ? decode(body) : body, room),
    success: (response, signal) => andThen(binary.success(response, signal), encode),
    failure: (error) => encode(binary.failure(error)),
  };
}

function decode(body: Uint8Array): Uint8Array {
  try {
    return decodeGrpcWebText(body);
  } catch (cause) {
    throw new ConnectError(`protocol error: ${(cause as RangeError).message}`, Code.InvalidArgument);
  }
}

function encodeBody(response: HttpResponse): HttpResponse {
  const body = encodeGrpcWebText(response.body);
  return {
    ...response,
    headers: response.headers.map(([name, value]) =>
      name === "content-length" ? [name, String(body.byteLength)] : [name, value],
    ),
    body,
  };
}
