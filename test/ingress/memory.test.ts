import { rm } from "node:fs/promises";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as http2Connect } from "node:http2";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCli, startCliWith } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { http1, http2, startIngress } from "./support.ts";

const mebibyte = 1024 * 1024;
const message = 32 * mebibyte;
const greet = "/org.example.Greeter/Greet";
const place = "/org.example.Orders/Place";
const json = { "content-type": "application/json" };

/** Text of one message's size: start, as often as fits the middle, end. */
const filled = (start: string, middle: string, end: string) =>
  start + middle.repeat((message - start.length - end.length) / middle.length) + end;
const framed = (data: Uint8Array) => {
  const frame = Buffer.concat([Buffer.alloc(5), data]);
  frame.writeUInt32BE(data.byteLength, 1);
  return frame;
};
const bytes = (...pattern: number[]) =>
  Buffer.alloc(message - (message % pattern.length), Buffer.from(pattern));

describe("a server with 512 MB of heap", () => {
  let server: RunningCli;
  let url = "";
  let folder = "";
  beforeAll(async () => {
    folder = temporaryFolder("small-heap");
    server = startCliWith(
      ["--max-old-space-size=512"],
      "serve",
      "examples/services.ts",
      "--port",
      "0",
      "--admin-port",
      "0",
      "--data",
      folder,
    );
    url = (await server.printed(/^ingress +(\S+)/m))[1] ?? "";
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const bombs: readonly (readonly [string, string, string, Uint8Array | string])[] = [
    ["two-byte messages in a list", place, "application/proto", bytes(0x12, 0)],
    ["unknown fields", place, "application/proto", bytes(0xf8, 0x06, 0x01)],
    ["unknown groups", place, "application/proto", bytes(0xf3, 0x06, 0xf4, 0x06)],
    ["entries of a map", place, "application/proto", bytes(0x3a, 0)],
    [
      "one-byte numbers",
      place,
      "application/proto",
      Buffer.concat([
        Buffer.from([0x82, 0x01, 0xf8, 0xff, 0xff, 0x0f]),
        Buffer.alloc(message - 6, 1),
      ]).subarray(0, message - 2),
    ],
    ["messages in JSON", place, "application/json", filled('{"lines":[{}', ",{}", "]}")],
    ["numbers in JSON", place, "application/json", filled('{"history":[1', ",1", "]}")],
    [
      "numbers in JSON, one of them large",
      place,
      "application/json",
      filled('{"number":1234567890123456789,"history":[1', ",1", "]}"),
    ],
    ["values of a Struct", place, "application/json", filled('{"extra":{"a":[1', ",1", "]}}")],
    ["lists in lists", place, "application/json", filled("", "[", "")],
  ];

  it.each(bombs)("refuses %s, compressed, four at once", async (_, path, type, body) => {
    const headers = { "content-type": type, "content-encoding": "gzip" };
    const compressed = gzipSync(body, { level: 1 });
    const asked = Array.from({ length: 4 }, () => http1(url + path, { headers, body: compressed }));
    for (const answer of await Promise.all(asked)) {
      expect([answer.status, JSON.parse(answer.body.toString()).code]).toEqual([429, "resource_exhausted"]);
    }
    expect((await http1(url + greet, { headers: json, body: "{}" })).status).toBe(200);
  });

  it("refuses what brotli makes of 200 bytes", async () => {
    const body = brotliCompressSync(bytes(0x12, 0), { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });
    const headers = { "content-type": "application/proto", "content-encoding": "br" };
    const answers = await Promise.all(Array.from({ length: 4 }, () => http1(url + place, { headers, body })));
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
  });

  it.each([
    ["millions of frames", "application/grpc-web", Buffer.alloc(message), 12],
    ["millions of pieces of base64", "application/grpc-web-text", Buffer.alloc(message, "AA=="), 12],
    ["a message of two-byte messages", "application/grpc-web", framed(bytes(0x12, 0)), 8],
  ])("refuses %s", async (_, type, body, status) => {
    const answer = await http1(url + (status === 8 ? place : greet), {
      headers: { "content-type": type, accept: "application/grpc-web" },
      body,
    });
    expect(answer.body.toString("latin1")).toContain(`grpc-status: ${status}\r\n`);
  });

  it("takes a large message that is what it looks like", async () => {
    const name = "x".repeat(30 * mebibyte);
    const answer = await http1(url + greet, { headers: json, body: JSON.stringify({ name }) });
    expect(answer.status).toBe(200);
    expect(answer.body.byteLength).toBeGreaterThan(name.length);
  });

  it("refuses bodies that never end, before they fill its memory", async () => {
    // What a client has not sent yet counts against its own limit of 10 MB.
    const session = http2Connect(url, { maxSessionMemory: 1_000 });
    const streams = Array.from({ length: 30 }, () =>
      session.request({ ":method": "POST", ":path": greet, ...json }),
    );
    const refused = Promise.race(streams.map(refusal));
    for (const stream of streams) {
      stream.on("error", () => {});
      stream.write(Buffer.alloc(20 * mebibyte, " "));
    }
    expect(await refused).toMatchObject({ status: 429, retryAfter: "1" });
    session.destroy();
    const status = async () => (await http1(url + greet, { headers: json, body: "{}" })).status;
    await expect.poll(status, { timeout: 30_000 }).toBe(200);
  });
});

describe("maxBufferedBytes", () => {
  it("counts bodies as they come, and gives back what a request that has ended held", async () => {
    await using ingress = await startIngress({ limits: { maxBufferedBytes: 100_000 } });
    const session = http2Connect(ingress.url);
    const first = unfinished(session, 60_000);
    await first.sent;
    const body = JSON.stringify({ name: "x".repeat(45_000) });
    const ask = () => http2(ingress.url + greet, { headers: json, body });
    await expect.poll(async () => (await ask()).status).toBe(429);
    const refused = await ask();
    expect(refused.headers["retry-after"]).toBe("1");
    expect(JSON.parse(refused.body.toString())).toMatchObject({
      code: "resource_exhausted",
      message: expect.stringContaining("100000 bytes"),
    });
    first.stream.close(8);
    await expect.poll(async () => (await ask()).status).toBe(200);
    session.destroy();
  });

  it("leaves room for small requests", async () => {
    await using ingress = await startIngress({ limits: { maxBufferedBytes: 100_000 } });
    const session = http2Connect(ingress.url);
    const first = unfinished(session, 60_000);
    const second = unfinished(session, 39_000);
    await Promise.all([first.sent, second.sent]);
    const ask = (length: number) =>
      http1(ingress.url + greet, { headers: json, body: JSON.stringify({ name: "x".repeat(length) }) });
    await expect.poll(async () => (await ask(30_000)).status).toBe(429);
    expect((await ask(5_000)).status).toBe(200);
    session.destroy();
  });

  it("counts what is decompressed", async () => {
    await using ingress = await startIngress({ limits: { maxBufferedBytes: 100_000 } });
    const headers = { ...json, "content-encoding": "gzip" };
    const ask = (length: number) =>
      http1(ingress.url + greet, { headers, body: gzipSync(JSON.stringify({ name: "x".repeat(length) })) });
    expect((await ask(120_000)).status).toBe(429);
    expect((await ask(20_000)).status).toBe(200);
  });
});

describe("maxDecodedBytes", () => {
  it("refuses a message that is small until it is decoded", async () => {
    await using ingress = await startIngress({ limits: { maxDecodedBytes: 50_000 } });
    const ask = (lines: number) =>
      http1(ingress.url + place, {
        headers: { "content-type": "application/proto" },
        body: Buffer.alloc(2 * lines, Buffer.from([0x12, 0])),
      });
    expect((await ask(100)).status).toBe(200);
    const refused = await ask(1_000);
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.body.toString()).message).toMatch(
      /parts of .* would take more than the 50000 bytes of memory/,
    );
  });

  it("counts no text", async () => {
    await using ingress = await startIngress({ limits: { maxDecodedBytes: 5_000 } });
    for (const [type, body] of [
      ["application/json", JSON.stringify({ name: "x".repeat(100_000) })],
      ["application/proto", Buffer.from([0x0a, 0xa0, 0x8d, 0x06, ...Buffer.alloc(100_000, "x")])],
    ] as const) {
      const { status } = await http1(ingress.url + greet, { headers: { "content-type": type }, body });
      expect(status).toBe(200);
    }
  });

  it.each(["payload", "pb"])("is for the %s of a one-way invocation too", async (form) => {
    await using ingress = await startIngress({ limits: { maxDecodedBytes: 200_000 } });
    const argument =
      form === "pb"
        ? { pb: Buffer.alloc(10_000, Buffer.from([0x12, 0])).toString("base64") }
        : { payload: { lines: Array.from({ length: 5_000 }, () => ({})) } };
    const { status, body } = await http1(`${ingress.url}/dev.restate.Ingress/Invoke`, {
      headers: json,
      body: JSON.stringify({ service: "org.example.Orders", method: "Place", ...argument }),
    });
    expect([status, JSON.parse(body.toString()).code]).toEqual([429, "resource_exhausted"]);
  });
});

/** A request that has sent so many bytes, and will send more. */
function unfinished(session: ClientHttp2Session, size: number) {
  const stream = session.request({ ":method": "POST", ":path": greet, ...json });
  stream.on("error", () => {});
  return { stream, sent: new Promise((resolve) => stream.write(Buffer.alloc(size, " "), resolve)) };
}

function refusal(stream: ClientHttp2Stream): Promise<{ status: unknown; retryAfter: unknown }> {
  return new Promise((resolve) => {
    stream.once("response", (headers) =>
      resolve({ status: headers[":status"], retryAfter: headers["retry-after"] }),
    );
  });
}
