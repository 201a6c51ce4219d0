import {
  create,
  type DescMethodUnary,
  fromBinary,
  type Message,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { GrpcWebClientBase, type Metadata, MethodDescriptor, type RpcError } from "grpc-web";
import { Ingress, InvokeRequestSchema } from "../../../generated/dev/restate/services_pb.ts";
import { Greeter, GreetRequestSchema } from "../../../generated/org/example/greeter_pb.ts";
import type { Greet, Greeted, Peer } from "../support/check-greeter.ts";
import { statusDetail } from "../support/status-details.ts";

const greet = methodDescriptor(Greeter.method.greet);
const invoke = methodDescriptor(Ingress.method.invoke);

/** What protoc-gen-grpc-web prints, with the messages of protobuf-es in place of google-protobuf's. */
function methodDescriptor<I extends DescMethodUnary["input"], O extends DescMethodUnary["output"]>(
  method: DescMethodUnary<I, O>,
): MethodDescriptor<MessageShape<I>, MessageShape<O>> {
  return new MethodDescriptor<MessageShape<I>, MessageShape<O>>(
    `/${method.parent.typeName}/${method.name}`,
    "unary",
    Object as never,
    Object as never,
    (request: MessageShape<I>) => toBinary(method.input as never, request as Message as never),
    (bytes: Uint8Array) => fromBinary(method.output, bytes),
  );
}

/** Google's runtime, with binary or base64 bodies. */
export function peerBy(format: "binary" | "text"): Required<Peer> {
  const client = new GrpcWebClientBase({ format });
  return {
    greet: (url, call) => greetBy(client, url, call),
    async send(url, name) {
      const pb = toBinary(GreetRequestSchema, create(GreetRequestSchema, { name }));
      const request = create(InvokeRequestSchema, {
        service: Greeter.typeName,
        method: Greeter.method.greet.name,
        argument: { case: "pb", value: pb },
      });
      return (await client.unaryCall(url + invoke.getName(), request, {}, invoke)).id;
    },
  };
}

function greetBy(client: GrpcWebClientBase, url: string, { name, echo, timeoutMs }: Greet): Promise<Greeted> {
  const sent: Metadata = {
    ...(echo === undefined ? {} : { "x-echo": echo }),
    ...(timeoutMs === undefined ? {} : { deadline: String(Date.now() + timeoutMs) }),
  };
  return new Promise((resolve) => {
    let greeting = "";
    let headers: Metadata = {};
    let trailers: Metadata = {};
    const request = create(GreetRequestSchema, { name });
    client
      .rpcCall(url + greet.getName(), request, sent, greet, (error: RpcError | null, response) => {
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
}
