// Servers that keep to the protocols, but not as most do.
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createTransport } from "restate-connect/node";
import { expect, it } from "vitest";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { encodeFrame, trailersFlag } from "../../src/wire/grpc-frame.ts";
import { httpServer } from "../support/http-server.ts";

async function errorOf(transport: Transport): Promise<ConnectError> {
  return await createGreeterClient(transport)
    .greet({})
    .then(
      () => expect.fail("the call succeeded"),
      (reason) => ConnectError.from(reason),
    );
}

async function urlOf(server: Server): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends a server and the connections that its clients keep. */
function closing(server: Server): AsyncDisposable {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What servers write that do not know that gRPC percent-encodes messages. */
const status = { "grpc-status": "14", "grpc-message": "disk 90% full" };

it("reads a grpc-message that is not percent-encoded, in trailers of gRPC-web", async () => {
  const lines = Object.entries(status).map(([name, value]) => `${name}: ${value}\r\n`);
  const data = new TextEncoder().encode(lines.join(""));
  await using server = await httpServer((_, response) => {
    response.writeHead(200, { "content-type": "application/grpc-web+proto" });
    response.end(encodeFrame({ flags: trailersFlag, data }));
  });
  const error = await errorOf(createTransport({ baseUrl: server.url, protocol: "grpc-web" }));
  expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: "disk 90% full" });
});

it.each(["headers", "trailers"])(
  "reads a grpc-message that is not percent-encoded, in %s of gRPC",
  async (where) => {
    const server = createHttp2Server((_, response) => {
      response.writeHead(200, { "content-type": "application/grpc", ...(where === "headers" ? status : {}) });
      if (where === "trailers") {
        response.addTrailers(status);
      }
      response.end();
    });
    await using _closing = closing(server);
    const error = await errorOf(createTransport({ baseUrl: await urlOf(server), protocol: "grpc" }));
    expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: "disk 90% full" });
  },
);

it("keeps the headers of an error whose JSON is odd as they are", async () => {
  await using server = await httpServer((_, response) => {
    response.writeHead(503, { "content-type": "application/json", "retry-after": "5" });
    response.end('{ "code": "unavailable", "message": 5 }');
  });
  const error = await errorOf(createTransport({ baseUrl: server.url }));
  expect(error.code).toBe(Code.Unavailable);
  expect(error.metadata.get("retry-after")).toBe("5");
});

it("sends a large request once, though leave for it comes late", async () => {
  let received = 0;
  const server = createServer();
  server.on("checkContinue", (request, response) => {
    request.once("data", () => response.writeContinue());
    request.on("data", (chunk) => {
      received += chunk.byteLength;
    });
    request.on("end", () => response.writeHead(200, { "content-type": "application/proto" }).end());
  });
  await using _closing = closing(server);
  const name = "x".repeat(2 << 20);
  await createGreeterClient(createTransport({ baseUrl: await urlOf(server) })).greet({ name });
  expect(received).toBeGreaterThan(name.length);
  expect(received).toBeLessThan(2 * name.length);
});
