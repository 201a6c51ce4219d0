import * as grpc from "@grpc/grpc-js";
import { type GreetRequest, type GreetResponse, greeter } from "./grpc-js.ts";

/** A client of grpc-js: calls Greet, and resolves with the greeting. */
export function openGreeter(host: string): (name: string) => Promise<string> {
  const client = new grpc.Client(host, grpc.credentials.createInsecure());
  const greet = greeter.Greet as grpc.MethodDefinition<GreetRequest, GreetResponse>;
  return (name) =>
    new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = greet;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { name }, (error, response) => {
        if (error === null) {
          resolve(response?.greeting ?? "");
        } else {
          reject(error);
        }
      });
    });
}
