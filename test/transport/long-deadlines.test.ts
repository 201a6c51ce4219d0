// Deadlines beyond what a timer of JavaScript can hold (24.8 days), which it takes for 1 ms.
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, invocation } from "restate-connect";
import { createTransport as createNodeTransport } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { describe, expect, it } from "vitest";
import { GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { httpServer } from "../support/http-server.ts";

const answerMs = 50;

type Timeouts = { readonly defaultTimeoutMs?: number };
type Options = Timeouts & { readonly baseUrl: string };
const transports = [
  ["web, connect", (o: Options) => createWebTransport(o)],
  ["web, grpc-web", (o: Options) => createWebTransport({ ...o, protocol: "grpc-web" })],
  ["web, restate", (o: Options) => createWebTransport({ ...o, protocol: "restate" })],
  ["node, connect", (o: Options) => createNodeTransport(o)],
  ["node, grpc-web", (o: Options) => createNodeTransport({ ...o, protocol: "grpc-web" })],
  ["node, restate", (o: Options) => createNodeTransport({ ...o, protocol: "restate" })],
] as const;

/** The headers of a call that was answered late, with an error that only an answer can bring. */
async function headersOf(
  create: (options: Options) => ReturnType<typeof createNodeTransport>,
  defaults: Timeouts,
  timeoutMs?: number,
): Promise<IncomingHttpHeaders> {
  let received: IncomingHttpHeaders = {};
  await using server = await httpServer((request, response) => {
    received = request.headers;
    setTimeout(() => response.writeHead(412, { "x-restate-id": "inv_1" }).end(), answerMs);
  });
  const greeter = createGreeterClient(create({ baseUrl: server.url, ...defaults }));
  const options = timeoutMs === undefined ? {} : { timeoutMs };
  const code = await greeter.greet({ name: "Ada" }, options).catch((error) => error.code);
  expect(code).not.toBe(Code.DeadlineExceeded);
  return received;
}

describe.each(transports)("%s", (_name, create) => {
  it.each([2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY])("waits for an answer for %d ms", async (ms) => {
    await headersOf(create, {}, ms);
    await headersOf(create, { defaultTimeoutMs: ms });
  });

  it("prefers a call's own deadline to a long default", async () => {
    await using silent = await httpServer(() => {});
    const greeter = createGreeterClient(create({ baseUrl: silent.url, defaultTimeoutMs: 2 ** 31 }));
    const call = greeter.greet({ name: "Ada" }, { timeoutMs: 20 });
    await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });
});

// Restate takes no deadline.
describe.each(transports.filter(([name]) => !name.endsWith("restate")))("%s", (name, create) => {
  it("tells the server a deadline that its header can say", async () => {
    const { "connect-timeout-ms": connect, "grpc-timeout": grpc } = await headersOf(create, {}, 2 ** 31);
    expect(connect ?? grpc).toBe(name.includes("grpc") ? "2147484S" : "2147483648");
  });

  it("gives a call a minute, and attach all the time it needs", async () => {
    const deadlines: (string | undefined)[] = [];
    await using server = await httpServer(({ headers }, response) => {
      deadlines.push(String(headers["connect-timeout-ms"] ?? headers["grpc-timeout"]));
      response.writeHead(412).end();
    });
    const transport = create({ baseUrl: server.url });
    await createGreeterClient(transport)
      .greet({ name: "Ada" })
      .catch(() => undefined);
    await invocation(transport, "inv_1", GreetResponseSchema)
      .attach()
      .catch(() => undefined);
    expect(deadlines).toEqual([name.includes("grpc") ? "60000m" : "60000", "undefined"]);
  });

  it("tells the server no deadline that its header cannot say", async () => {
    const headers = await headersOf(create, {}, 2 ** 40);
    expect(headers).not.toHaveProperty("connect-timeout-ms");
  });
});

it("node, grpc: waits, and tells the server", async () => {
  let timeout: string | string[] | undefined;
  const server = createServer((request, response) => {
    timeout = request.headers["grpc-timeout"];
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/grpc", "grpc-status": "9" }).end();
    }, answerMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const greeter = createGreeterClient(createNodeTransport({ baseUrl, protocol: "grpc" }));
  await expect(greeter.greet({ name: "Ada" }, { timeoutMs: 2 ** 31 })).rejects.toMatchObject({
    code: Code.FailedPrecondition,
  });
  expect(timeout).toBe("2147484S");
  server.close();
});
