// grpc-js with proto-loader, set up as its documentation says.
import { fileURLToPath } from "node:url";
import type * as grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const file = fileURLToPath(new URL("../../proto/org/example/greeter.proto", import.meta.url));

/** org.example.Greeter, as proto-loader makes it of the .proto file. */
export const greeter = protoLoader.loadSync(file)["org.example.Greeter"] as grpc.ServiceDefinition;

export interface GreetRequest {
  readonly name: string;
}

export interface GreetResponse {
  readonly greeting: string;
}
