// What HTTP/1.1 servers and proxies do to requests and responses.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { expect, it } from "vitest";
import { GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { httpServer } from "../support/http-server.ts";

const retry = { initialIntervalMs: 1 };

function greeting(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "application/proto", "x-restate-id": "inv_1" });
  response.end(toBinary(GreetResponseSchema, create(GreetResponseSchema, { greeting: text })));
}

it("accepts 40 KiB of response headers", async () => {
  await using server = await httpServer((_, response) => {
    response.setHeader("x-large", "v".repeat(40_000));
    greeting(response, "Hello");
  });
  const { greeting: text } = await createGreeterClient(createTransport({ baseUrl: server.url })).greet({});
  expect(text).toBe("Hello");
});

it.each([
  ["node", createTransport],
  ["web", createWebTransport],
])("names the cause of response headers that are too large, and asks once (%s)", async (_, make) => {
  let requests = 0;
  await using server = await httpServer((_, response) => {
    requests++;
    response.setHeader("x-large", "v".repeat(100_000));
    greeting(response, "Hello");
  });
  const client = createGreeterClient(make({ baseUrl: server.url, retry }));
  const error = await client.greet({}).catch(ConnectError.from);
  expect(error).toMatchObject({ code: Code.Internal });
  expect(String(error)).toContain("the response headers are larger than this client accepts");
  expect(requests).toBe(1);
});

it("does not repeat a request whose response is not HTTP", async () => {
  let requests = 0;
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      requests++;
      socket.end("HTTP/1.1 200 OK\r\nthis is not a header\r\n\r\n");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error = await createGreeterClient(createTransport({ baseUrl, retry }))
    .greet({})
    .catch(ConnectError.from);
  server.close();
  expect(error).toMatchObject({ code: Code.Internal });
  expect(String(error)).toContain("the response is not valid HTTP/1.1");
  expect(requests).toBe(1);
});

it("repeats a large request without the expectation that something on the way refused", async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`request, expect: ${request.headers.expect}`);
    request.resume().on("end", () => greeting(response, "Hello"));
  });
  server.on("checkContinue", (_, response) => {
    seen.push("expectation");
    response.writeHead(417, { "content-length": 0 }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = createGreeterClient(
    createTransport({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
  );
  const name = "x".repeat(2 << 20);
  expect((await client.greet({ name })).greeting).toBe("Hello");
  expect((await client.greet({ name })).greeting).toBe("Hello");
  server.closeAllConnections();
  server.close();
  expect(seen).toEqual(["expectation", "request, expect: undefined", "request, expect: undefined"]);
});

it("does not use a connection again whose request was refused before it was read", async () => {
  const connections = new Set<unknown>();
  await using server = await httpServer((request, response) => {
    connections.add(request.socket);
    if (request.url?.endsWith("Greet") && connections.size === 1) {
      response.writeHead(415).end(); // and the body stays unread
      return;
    }
    request.resume().on("end", () => greeting(response, "Hello"));
  });
  const client = createGreeterClient(createTransport({ baseUrl: server.url }));
  await expect(client.greet({ name: "x".repeat(20_000) })).rejects.toThrow("415");
  expect((await client.greet({ name: "Pete" })).greeting).toBe("Hello");
  expect(connections.size).toBe(2);
});

it.each(["connect", "restate"])("goes through the proxy of the environment (%s)", async (protocol) => {
  const asked: (string | undefined)[] = [];
  await using proxy = await httpServer((request, response) => {
    asked.push(request.url);
    request.resume().on("end", () => greeting(response, "Hello through a proxy"));
  });
  const script = fileURLToPath(new URL("fixtures/greet.ts", import.meta.url));
  const args = ["--conditions=@restate-connect/source", script, "http://backend.invalid:8080", protocol];
  const env = { ...process.env, NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.url, NO_PROXY: "", no_proxy: "" };
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...env, http_proxy: proxy.url },
  });
  expect(stdout.trim()).toBe("Hello through a proxy");
  expect(asked).toEqual(["http://backend.invalid:8080/org.example.Greeter/Greet"]);
});
