import { connect as http2Connect } from "node:http2";
import { createConnection } from "node:net";
import { gzipSync } from "node:zlib";
import { Code, createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { service } from "../../src/ingress/index.ts";
import { http1, http2, raw, startIngress } from "./support.ts";

const greet = "/org.example.Greeter/Greet";
const json = { "content-type": "application/json" };
const head = "POST /org.example.Greeter/Greet HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

describe("maxMessageBytes", () => {
  const limits = { maxMessageBytes: 1_000 };
  const transports = [
    ["Connect", (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: "1.1" })],
    [
      "Connect, JSON, HTTP/2",
      (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
    ],
    ["gRPC", (baseUrl: string) => createGrpcTransport({ baseUrl })],
    ["gRPC-web", (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" })],
  ] as const;

  it.each(transports)("refuses a larger message by %s, and goes on", async (_, createTransport) => {
    await using ingress = await startIngress({ limits });
    const client = createClient(Greeter, createTransport(ingress.url));
    for (const length of [1_001, 5_000_000]) {
      await expect(client.greet({ name: "x".repeat(length) })).rejects.toMatchObject({
        code: Code.ResourceExhausted,
      });
    }
    expect((await client.greet({ name: "x".repeat(980) })).greeting).toHaveLength(986);
  });

  it("refuses what is larger once it is decompressed", async () => {
    await using ingress = await startIngress({ limits });
    const body = gzipSync(JSON.stringify({ name: "x".repeat(100_000) }));
    expect(body.byteLength).toBeLessThan(1_000);
    const answer = await http1(ingress.url + greet, {
      headers: { ...json, "content-encoding": "gzip" },
      body,
    });
    expect(answer.status).toBe(429);
  });

  it("refuses an announced length without reading on", async () => {
    await using ingress = await startIngress({ limits });
    const { hostname, port } = new URL(ingress.url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.write(`${head}content-length: 1000000000\r\n\r\n{`);
    const answer = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
    expect(answer.toString()).toMatch(/^HTTP\/1.1 429 /);
    socket.destroy();
  });
});

it("takes an undefined limit for one that is not set", async () => {
  await using ingress = await startIngress({ limits: { maxMessageBytes: undefined } });
  const answer = await http1(ingress.url + greet, { headers: json, body: '{"name":"Pete"}' });
  expect(answer.status).toBe(200);
});

describe("headers", () => {
  it.each([
    [
      "too many",
      { maxHeaders: 20 },
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x-${i}`, "a"])),
    ],
    ["too large", { maxHeaderBytes: 4_000 }, { "x-large": "a".repeat(5_000) }],
  ])("refuses %s", async (_, limits, headers) => {
    await using ingress = await startIngress({ limits });
    expect((await http1(ingress.url + greet, { headers: { ...json, ...headers }, body: "{}" })).status).toBe(
      431,
    );
    const overHttp2 = http2(ingress.url + greet, { headers: { ...json, ...headers }, body: "{}" });
    expect(await overHttp2.then(({ status }) => String(status), String)).toMatch(/431|ENHANCE_YOUR_CALM/);
    expect((await http2(ingress.url + greet, { headers: json, body: "{}" })).status).toBe(200);
  });
});

describe("maxConcurrentRequests", () => {
  it("refuses more, with retry-after, until one has ended", async () => {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const greeter = service(Greeter, {
      async greet() {
        started.resolve();
        await gate.promise;
        return {};
      },
    });
    await using ingress = await startIngress({ services: [greeter], limits: { maxConcurrentRequests: 1 } });
    const first = http1(ingress.url + greet, { headers: json, body: "{}" });
    await started.promise;
    const second = await http1(ingress.url + greet, { headers: json, body: "{}" });
    expect(second.status).toBe(429);
    expect(second.headers["retry-after"]).toBe("1");
    expect(JSON.parse(second.body.toString()).code).toBe("resource_exhausted");
    const grpc = createClient(Greeter, createGrpcTransport({ baseUrl: ingress.url }));
    await expect(grpc.greet({})).rejects.toMatchObject({ code: Code.ResourceExhausted });
    gate.resolve();
    expect((await first).status).toBe(200);
    expect((await http1(ingress.url + greet, { headers: json, body: "{}" })).status).toBe(200);
  });
});

describe("time", () => {
  it("ends a connection that says nothing", async () => {
    await using ingress = await startIngress({ limits: { headersTimeoutMs: 100 } });
    expect(await raw(ingress.url, [])).toBe("");
  });

  it("answers slow headers with 408", async () => {
    await using ingress = await startIngress({ limits: { headersTimeoutMs: 100 } });
    expect(await raw(ingress.url, [head])).toMatch(/^HTTP\/1.1 408 /);
  });

  it("answers a slow body with deadline_exceeded", async () => {
    await using ingress = await startIngress({ limits: { requestTimeoutMs: 200 } });
    const answer = await raw(ingress.url, [`${head}connection: close\r\ncontent-length: 15\r\n\r\n{"name"`]);
    expect(answer).toMatch(/^HTTP\/1.1 504 /);
    expect(answer).toContain("the request's body did not arrive within 200 ms");
    const session = http2Connect(ingress.url);
    const stream = session.request({ ":method": "POST", ":path": greet, "content-type": "application/grpc" });
    stream.write(Buffer.from([0, 0, 0, 0]));
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once("response", resolve));
    expect(headers["grpc-status"]).toBe(String(Code.DeadlineExceeded));
    session.destroy();
  });

  it.each([
    ["HTTP/2's preface", "", "PRI * HTTP/2.0\r\n\r\nSM\r\n", /^$/],
    ["headers", head, `x-long: ${"a".repeat(10_000)}`, /^HTTP\/1.1 408 /],
    ["a body", `${head}content-length: 9999\r\n\r\n`, " ".repeat(5_000), /^HTTP\/1.1 504 /],
    ["chunks", `${head}transfer-encoding: chunked\r\n\r\n`, "1\r\n \r\n".repeat(999), /^HTTP\/1.1 504 /],
  ])("does not wait longer for %s, byte by byte", async (_, start, dribble, answer) => {
    await using ingress = await startIngress({ limits: { headersTimeoutMs: 300, requestTimeoutMs: 300 } });
    expect(await raw(ingress.url, [start, ...dribble])).toMatch(answer);
  });

  it("does not wait longer for a body over HTTP/2, byte by byte", async () => {
    await using ingress = await startIngress({ limits: { requestTimeoutMs: 300 } });
    const session = http2Connect(ingress.url);
    const stream = session.request({ ":method": "POST", ":path": greet, ...json });
    const dribble = setInterval(() => stream.write(" "), 5);
    const status = await new Promise((resolve) =>
      stream.on("error", () => {}).once("response", (headers) => resolve(headers[":status"])),
    );
    clearInterval(dribble);
    expect(status).toBe(504);
    session.destroy();
  });

  it("closes idle connections, and not one that waits for an answer", async () => {
    await using ingress = await startIngress({ limits: { idleTimeoutMs: 200 } });
    const session = http2Connect(ingress.url);
    const closed = new Promise((resolve) => session.once("close", resolve));
    const stream = session.request({
      ":method": "POST",
      ":path": greet,
      ...json,
      "connect-timeout-ms": "900",
    });
    stream.end('{"name":"forever"}');
    const status = await new Promise((resolve) =>
      stream.once("response", (headers) => resolve(headers[":status"])),
    );
    expect(status).toBe(504);
    stream.resume();
    await closed;
    expect(await raw(ingress.url, [`${head}content-length: 2\r\n\r\n{}`])).toMatch(/^HTTP\/1.1 200 /);
  });
});

it.each([0, -1, Number.NaN])("refuses %d for a limit", async (maxMessageBytes) => {
  await expect(startIngress({ limits: { maxMessageBytes } })).rejects.toThrow(
    `limits.maxMessageBytes of createIngress() is ${maxMessageBytes}: it must be a positive number`,
  );
});

it("maxConnections: closes one more at once", async () => {
  await using ingress = await startIngress({ limits: { maxConnections: 1 } });
  const { hostname, port } = new URL(ingress.url);
  const first = createConnection({ host: hostname, port: Number(port) });
  await new Promise((resolve) => first.once("connect", resolve));
  await expect.poll(() => raw(ingress.url, []).catch(() => "")).toBe("");
  first.write(`${head}content-length: 2\r\n\r\n{}`);
  expect((await new Promise<Buffer>((resolve) => first.once("data", resolve))).toString()).toMatch(
    /^HTTP\/1.1 200 /,
  );
  first.destroy();
});
