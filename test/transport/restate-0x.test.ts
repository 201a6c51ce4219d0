// What Restate 0.x, whose contract our clients speak, does differently: each answer is one that a real 0.7.1 gives.
import { once } from "node:events";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import { awakeables, invocation } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { describe, expect, it } from "vitest";
import { AddResponseSchema } from "../../generated/org/example/counter_pb.ts";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { httpServer } from "../support/http-server.ts";

const id = "inv_1kPhIMUveaUU4o1PURRUl9YXFNK6guLN5v";

describe("cancel() with adminUrl", () => {
  it.each([
    ["Restate 0.7", "DELETE", `/invocations/${id}?mode=cancel`, 202],
    ["Restate 1.x", "PATCH", `/invocations/${id}/cancel`, 202],
    ["Restate 1.x, of an ended invocation", "PATCH", `/invocations/${id}/cancel`, 409],
  ])("uses the path of %s", async (_, method, path, status) => {
    const asked: string[] = [];
    await using admin = await httpServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const isKnown = request.method === method && request.url === path;
      response.writeHead(isKnown ? status : 404, { "content-type": "application/json" });
      response.end(isKnown && status === 409 ? '{"message":"completed"}' : "");
    });
    const transport = createTransport({ baseUrl: "http://127.0.0.1:1", adminUrl: admin.url });
    await invocation(transport, id, GreetResponseSchema).cancel();
    expect(asked.at(-1)).toBe(`${method} ${path}`);
  });

  it("is not_found for an invocation that Restate 1.x does not know", async () => {
    await using admin = await httpServer((request, response) => {
      const body = request.method === "PATCH" ? '{"message":"the invocation does not exist"}' : "";
      response.writeHead(404, { "content-type": "application/json" }).end(body);
    });
    const transport = createTransport({ baseUrl: "http://127.0.0.1:1", adminUrl: admin.url });
    const error = await invocation(transport, id, GreetResponseSchema).cancel().catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.NotFound });
  });

  it("names adminUrl where nothing cancels", async () => {
    await using site = await httpServer((_, response) => {
      response.writeHead(404, { "content-type": "text/html" }).end("<html>");
    });
    const transport = createTransport({ baseUrl: "http://127.0.0.1:1", adminUrl: site.url });
    const error = await invocation(transport, id, GreetResponseSchema).cancel().catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.Unimplemented });
    expect(String(error)).toContain("no invocation can be cancelled at adminUrl (HTTP 404");
  });

  it("needs an id", async () => {
    await using admin = await httpServer((_, response) => {
      response.writeHead(404).end();
    });
    const transport = createTransport({ baseUrl: "http://127.0.0.1:1", adminUrl: admin.url });
    const which = { method: Greeter.method.greet, idempotencyKey: "a" };
    const error = await invocation(transport, which).cancel().catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.InvalidArgument });
  });
});

it("says unimplemented, not not_found, of outcomes that the server cannot give", async () => {
  await using server = await httpServer((_, response) => {
    const message =
      "Service 'restateconnect.v1.Invocations' not found. Check whether the deployment containing the service is registered.";
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ code: "not_found", message }));
  });
  const handle = invocation(createTransport({ baseUrl: server.url }), id, GreetResponseSchema);
  for (const asked of [handle.attach(), handle.output(), handle.get()]) {
    const error = await asked.catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.Unimplemented });
    expect(String(error)).toContain("this server cannot say how invocations ended");
  }
});

describe("an error before the handler, over gRPC-web", () => {
  const refusal = {
    "content-type": "application/grpc",
    "grpc-status": "5",
    "grpc-message": "Service%20'a'%20is%20100%%20gone",
  };

  it("is read from the headers, though the content type is that of gRPC", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(200, refusal).end();
    });
    for (const make of [createTransport, createWebTransport]) {
      const client = createGreeterClient(make({ baseUrl: server.url, protocol: "grpc-web" }));
      const error = await client.greet({}).catch(ConnectError.from);
      expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "Service 'a' is 100% gone" });
    }
  });

  it("says what a page needs to see it", async () => {
    await using server = await httpServer((_, response) => {
      response.writeHead(200, { "content-type": "application/grpc" }).end();
    });
    const inBrowser: typeof fetch = async (input, init) =>
      Object.defineProperty(await fetch(input, init), "type", { value: "cors" });
    const transport = createWebTransport({ baseUrl: server.url, protocol: "grpc-web", fetch: inBrowser });
    const error = await createGreeterClient(transport).greet({}).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.Unknown });
    expect(String(error)).toContain("access-control-expose-headers");
    expect(String(error)).toContain('protocol: "connect"');
  });
});

it("reads a message whose percent signs are not encoded, over gRPC", async () => {
  const server = createHttp2Server((_, response) => {
    response.writeHead(200, {
      "content-type": "application/grpc",
      "grpc-status": "3",
      "grpc-message": "90%%20full",
    });
    response.end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error = await createGreeterClient(createTransport({ baseUrl, protocol: "grpc" }))
    .greet({})
    .catch(ConnectError.from);
  server.close();
  expect(error).toMatchObject({ code: Code.InvalidArgument, rawMessage: "90% full" });
});

describe("awakeables", () => {
  it.each([
    ["binary", "application/proto", Buffer.from([0x08, 0x07])],
    ["json", "application/json", Buffer.from('{"value":"7"}')],
  ] as const)("are resolved in %s", async (format, contentType, expected) => {
    const received: { type: string | undefined; body: Buffer }[] = [];
    await using server = await httpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        received.push({ type: request.headers["content-type"], body: Buffer.concat(chunks) });
        response.writeHead(202, { "x-restate-id": id }).end();
      });
    });
    const transport = createTransport({ baseUrl: server.url, protocol: "restate" });
    await awakeables(transport).resolve("prom_1abc", AddResponseSchema, { value: 7n }, { format });
    expect(received).toEqual([{ type: contentType, body: expected }]);
  });
});
