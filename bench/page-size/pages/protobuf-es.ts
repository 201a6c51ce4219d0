// The least that a typed page in Protobuf can load: the messages, and fetch.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { GreetRequestSchema, GreetResponseSchema } from "../../../generated/org/example/greeter_pb.ts";

const response = await fetch(`${location.origin}/org.example.Greeter/Greet`, {
  method: "POST",
  headers: { "content-type": "application/proto" },
  body: toBinary(GreetRequestSchema, create(GreetRequestSchema, { name: "world" })),
});
export const { greeting } = fromBinary(GreetResponseSchema, new Uint8Array(await response.arrayBuffer()));
