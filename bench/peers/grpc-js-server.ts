import * as grpc from "@grpc/grpc-js";
import { announce } from "../measure/announce.ts";
import { type GreetRequest, type GreetResponse, greeter } from "./grpc-js.ts";

const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
const greet: grpc.handleUnaryCall<GreetRequest, GreetResponse> = ({ request }, respond) => {
  respond(null, { greeting: `Hello ${request.name}` });
};
server.addService(greeter, { greet });
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
    if (error === null) {
      resolve(bound);
    } else {
      reject(error);
    }
  });
});
announce({ url: `http://127.0.0.1:${port}` });
