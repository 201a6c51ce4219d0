// What a Greet call is on the wire, in each protocol: bytes made beforehand, for load and for servers that do
// nothing but answer.
import { create, fromBinary, fromJsonString, toBinary, toJsonString } from "@bufbuild/protobuf";
import { GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";

export type Protocol = "connect" | "connect-json" | "grpc-web" | "grpc";

/** A request for any client. */
export interface WireRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const greetPath = "/org.example.Greeter/Greet";

export const contentTypes: Readonly<Record<Protocol, string>> = {
  connect: "application/proto",
  "connect-json": "application/json",
  "grpc-web": "application/grpc-web+proto",
  grpc: "application/grpc+proto",
};

export function greetRequest(protocol: Protocol, name: string): WireRequest {
  const message = create(GreetRequestSchema, { name });
  return {
    path: greetPath,
    headers: {
      "content-type": contentTypes[protocol],
      ...(protocol.startsWith("connect") && { "connect-protocol-version": "1" }),
      ...(protocol === "grpc" && { te: "trailers" }),
    },
    body:
      protocol === "connect-json"
        ? Buffer.from(toJsonString(GreetRequestSchema, message))
        : enveloped(protocol, toBinary(GreetRequestSchema, message)),
  };
}

/** The body of the answer. gRPC has trailers after it. */
export function greetResponse(protocol: Protocol, name: string): Buffer {
  const message = create(GreetResponseSchema, { greeting: `Hello ${name}` });
  if (protocol === "connect-json") {
    return Buffer.from(toJsonString(GreetResponseSchema, message));
  }
  const body = enveloped(protocol, toBinary(GreetResponseSchema, message));
  return protocol === "grpc-web"
    ? Buffer.concat([body, frame(0x80, Buffer.from("grpc-status: 0\r\n"))])
    : body;
}

/** @throws Error when the body is not an answer of this protocol. */
export function readGreeting(protocol: Protocol, body: Buffer): string {
  if (protocol === "connect-json") {
    return fromJsonString(GreetResponseSchema, body.toString()).greeting;
  }
  const message = protocol === "connect" ? body : body.subarray(5, 5 + body.readUInt32BE(1));
  return fromBinary(GreetResponseSchema, message).greeting;
}

function enveloped(protocol: Protocol, message: Uint8Array): Buffer {
  return protocol === "connect" ? Buffer.from(message) : frame(0, message);
}

function frame(flags: number, data: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flags);
  prefix.writeUInt32BE(data.length, 1);
  return Buffer.concat([prefix, data]);
}
