import { Code, ConnectError } from "@connectrpc/connect";
import { decodeGrpcWebText, encodeGrpcWebText, grpcWebTextBytes } from "../../wire/grpc-web-text.ts";
import type { HttpAnswer, Protocol } from "./protocol.ts";

/** Lets gRPC-web take base64 bodies. */
export function textRequests(binary: Protocol): Protocol {
  return {
    ...binary,
    maxBodyBytes: (maxMessageBytes) => grpcWebTextBytes(binary.maxBodyBytes(maxMessageBytes)),
    unwrap: async (body, room) => binary.unwrap(decode(body), room),
  };
}

/** Lets gRPC-web give base64 bodies. */
export function textResponses(binary: Protocol): Protocol {
  return {
    ...binary,
    success: async (reply, signal) => encodeAnswer(await binary.success(reply, signal)),
    failure: (error) => encodeAnswer(binary.failure(error)),
  };
}

function decode(body: Uint8Array): Uint8Array {
  try {
    return decodeGrpcWebText(body);
  } catch (cause) {
    throw new ConnectError(`protocol error: ${(cause as RangeError).message}`, Code.InvalidArgument);
  }
}

function encodeAnswer(answer: HttpAnswer): HttpAnswer {
  const body = encodeGrpcWebText(answer.body);
  return {
    ...answer,
    headers: answer.headers.map(([name, value]) =>
      name === "content-length" ? [name, String(body.byteLength)] : [name, value],
    ),
    body,
  };
}
