// A backend that passes on the headers of its own caller must not lose control of its requests.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { createTransport, type NodeTransportOptions } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { describe, expect, it } from "vitest";
import { GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { encodeFrame, trailersFlag } from "../../src/wire/grpc-frame.ts";

const message = toBinary(GreetResponseSchema, create(GreetResponseSchema, { greeting: "Hello" }));

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

interface Recorder extends AsyncDisposable {
  readonly baseUrl: string;
  readonly received: readonly Received[];
}

/** A server of all protocols that remembers the requests which it got. */
async function recorder(httpVersion: "1.1" | "2"): Promise<Recorder> {
  const received: Received[] = [];
  const create_ = (httpVersion === "2" ? createHttp2Server : createServer) as typeof createServer;
  const server: Server = create_((request, response) => {
    let bytes = 0;
    request.on("data", (chunk) => {
      bytes += chunk.byteLength;
    });
    request.on("end", () => {
      received.push({ url: request.url, headers: request.headers, bytes });
      const type = request.headers["content-type"] ?? "";
      response.writeHead(200, { "content-type": type, "x-restate-id": "inv_1" });
      if (type.startsWith("application/grpc-web")) {
        const data = Buffer.from("grpc-status: 0\r\n");
        response.end(
          Buffer.concat([
            encodeFrame({ flags: 0, data: message }),
            encodeFrame({ flags: trailersFlag, data }),
          ]),
        );
      } else if (type.startsWith("application/grpc")) {
        response.addTrailers({ "grpc-status": "0" });
        response.end(encodeFrame({ flags: 0, data: message }));
      } else {
        response.end(message);
      }
    });
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a browser, a proxy or an attacker may have sent. */
const forwarded = {
  host: "elsewhere.example",
  connection: "close, x-tenant",
  "content-length": "3",
  "content-encoding": "gzip",
  "transfer-encoding": "chunked",
  te: "gzip",
  expect: "100-continue",
  upgrade: "websocket",
  "keep-alive": "timeout=5",
  "content-type": "text/plain",
  "grpc-timeout": "1n",
  "connect-timeout-ms": "1",
  "X-Tenant": "acme",
};

const forward: Interceptor = (next) => (request) => {
  for (const [name, value] of Object.entries(forwarded)) {
    request.header.set(name, value);
  }
  return next(request);
};

const ways: readonly (readonly [string, "1.1" | "2", Partial<NodeTransportOptions>])[] = [
  ["Connect, HTTP/1.1", "1.1", {}],
  ["Connect, HTTP/2", "2", { httpVersion: "2" }],
  ["gRPC-web, HTTP/1.1", "1.1", { protocol: "grpc-web" }],
  ["gRPC", "2", { protocol: "grpc" }],
  ["restate, HTTP/1.1", "1.1", { protocol: "restate" }],
  ["restate, HTTP/2", "2", { protocol: "restate", httpVersion: "2" }],
];

describe.each(ways)("%s", (_, httpVersion, options) => {
  it.each([
    ["a caller's", {}, forwarded],
    ["an interceptor's", { interceptors: [forward] }, {}],
  ])("sends %s metadata, and headers of HTTP of its own", async (_name, more, headers) => {
    await using server = await recorder(httpVersion);
    const transport = createTransport({
      ...options,
      ...more,
      baseUrl: server.baseUrl,
    } as NodeTransportOptions);
    const { greeting } = await createGreeterClient(transport).greet({ name: "x".repeat(100) }, { headers });
    expect(greeting).toBe("Hello");
    expect(server.received).toHaveLength(1);
    const [{ headers: sent, bytes } = expect.fail("nothing was sent")] = server.received;
    expect(bytes).toBeGreaterThan(100);
    expect(sent["x-tenant"]).toBe("acme");
    expect(sent["content-encoding"]).toBeUndefined();
    expect(sent["content-type"]).not.toBe("text/plain");
    expect(sent.upgrade).toBeUndefined();
    expect(sent.expect).toBeUndefined();
    expect(sent["grpc-timeout"]).not.toBe("1n");
    expect(sent["connect-timeout-ms"]).not.toBe("1");
    expect(sent.host ?? sent[":authority"]).toContain("127.0.0.1");
  });
});

it("leaves them out of fetch too", async () => {
  await using server = await recorder("1.1");
  const transport = createWebTransport({ baseUrl: server.baseUrl });
  await createGreeterClient(transport).greet({ name: "Pete" }, { headers: forwarded });
  expect(server.received[0]?.headers).toMatchObject({ "x-tenant": "acme" });
  expect(server.received[0]?.headers["content-encoding"]).toBeUndefined();
});
