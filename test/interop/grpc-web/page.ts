import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { GrpcWebClientBase, type Metadata, MethodDescriptor, type RpcError } from "grpc-web";
import {
  type GreetRequest,
  GreetRequestSchema,
  type GreetResponse,
  GreetResponseSchema,
} from "../../../generated/org/example/greeter_pb.ts";
import type { Greet, Greeted } from "../support/check-greeter.ts";
import { statusDetail } from "../support/status-details.ts";

/** What protoc-gen-grpc-web prints, with the messages of protobuf-es in place of google-protobuf's. */
const method = new MethodDescriptor<GreetRequest, GreetResponse>(
  "/org.example.Greeter/Greet",
  "unary",
  Object as never,
  Object as never,
  (request: GreetRequest) => toBinary(GreetRequestSchema, request),
  (bytes: Uint8Array) => fromBinary(GreetResponseSchema, bytes),
);

/** Google's runtime, with binary or base64 bodies. */
export function greetBy(format: "binary" | "text") {
  return (url: string, { name, echo, timeoutMs }: Greet): Promise<Greeted> => {
    const sent: Metadata = {
      ...(echo === undefined ? {} : { "x-echo": echo }),
      ...(timeoutMs === undefined ? {} : { deadline: String(Date.now() + timeoutMs) }),
    };
    return new Promise((resolve) => {
      let greeting = "";
      let headers: Metadata = {};
      let trailers: Metadata = {};
      const client = new GrpcWebClientBase({ format });
      const request = create(GreetRequestSchema, { name });
      client
        .rpcCall(`${url}${method.getName()}`, request, sent, method, (error: RpcError | null, response) => {
          if (error === null) {
            greeting = response.greeting;
            return;
          }
          resolve({
            code: error.code as number,
            message: error.message,
            reason: error.metadata["x-reason"],
            detail: statusDetail(error.metadata["grpc-status-details-bin"]),
          });
        })
        .on("metadata", (got) => {
          headers = got;
        })
        .on("status", ({ metadata = {} }) => {
          trailers = metadata;
        })
        .on("end", () => {
          // The callback comes after all events.
          setTimeout(() => resolve({ greeting, echo: headers["x-echo"], end: trailers["x-end"] }));
        });
    });
  };
}
