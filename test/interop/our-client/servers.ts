import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import * as grpc from "@grpc/grpc-js";
import {
  Greeter,
  GreetRequestSchema,
  type GreetResponse,
  GreetResponseSchema,
} from "../../../generated/org/example/greeter_pb.ts";

/** A Greeter of another maker. It does by name what the one of the ingress's tests does. */
export interface Server extends AsyncDisposable {
  readonly url: string;
}

const unknownPerson = "no such person: 100 % sure, ünd sorry";

/** connect-node. */
export async function connectNode(httpVersion: "1.1" | "2"): Promise<Server> {
  const handler = connectNodeAdapter({
    routes: (router: ConnectRouter) =>
      router.service(Greeter, {
        async greet({ name }, { requestHeader, responseHeader, responseTrailer, signal }) {
          if (name === "not found") {
            const details = [{ desc: GreetResponseSchema, value: { greeting: "a detail" } }];
            throw new ConnectError(unknownPerson, Code.NotFound, { "x-reason": "unknown" }, details);
          }
          if (name === "forever") {
            await once(signal, "abort");
            throw signal.reason;
          }
          responseHeader.set("x-echo", requestHeader.get("x-echo") ?? "");
          responseTrailer.set("x-end", "bye");
          return { greeting: `Hello ${name}` };
        },
      }),
  });
  const server = httpVersion === "2" ? createHttp2Server(handler) : createHttp1Server(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      if ("closeAllConnections" in server) {
        server.closeAllConnections();
      }
    },
  };
}

/** grpc-js. */
export async function grpcJs(): Promise<Server> {
  const server = new grpc.Server();
  server.addService(
    {
      greet: {
        path: "/org.example.Greeter/Greet",
        requestStream: false,
        responseStream: false,
        requestDeserialize: (bytes: Buffer) => fromBinary(GreetRequestSchema, bytes),
        requestSerialize: () => Buffer.alloc(0),
        responseSerialize: (message: GreetResponse) => Buffer.from(toBinary(GreetResponseSchema, message)),
        responseDeserialize: () => undefined,
      },
    },
    {
      greet(call: grpc.ServerUnaryCall<{ name: string }, unknown>, reply: grpc.sendUnaryData<unknown>) {
        const { name } = call.request;
        const trailers = new grpc.Metadata();
        if (name === "not found") {
          trailers.set("x-reason", "unknown");
          trailers.set("grpc-status-details-bin", statusWithDetail());
          reply({ code: grpc.status.NOT_FOUND, details: unknownPerson, metadata: trailers });
          return;
        }
        if (name === "forever") {
          return;
        }
        const headers = new grpc.Metadata();
        headers.set("x-echo", call.metadata.get("x-echo").join());
        call.sendMetadata(headers);
        trailers.set("x-end", "bye");
        reply(null, { $typeName: "org.example.GreetResponse", greeting: `Hello ${name}` }, trailers);
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

/** go/server. */
export async function goServer(program: string, by: "connect-go" | "grpc-go"): Promise<Server> {
  const child = spawn(program, [`-by=${by}`], { stdio: ["pipe", "pipe", "inherit"] });
  const [url] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url,
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}

/** A `google.rpc.Status` of not_found, with the detail that the tests ask for. */
function statusWithDetail(): Buffer {
  const value = toBinary(GreetResponseSchema, {
    $typeName: "org.example.GreetResponse",
    greeting: "a detail",
  });
  const any = Buffer.concat([
    field(1, Buffer.from("type.googleapis.com/org.example.GreetResponse")),
    field(2, value),
  ]);
  return Buffer.concat([
    Buffer.from([0x08, Code.NotFound]),
    field(2, Buffer.from(unknownPerson)),
    field(3, any),
  ]);
}

/** A length-delimited field of less than 128 bytes. */
function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.byteLength]), bytes]);
}
