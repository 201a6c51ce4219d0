import { randomBytes, randomInt } from "node:crypto";
import { connect as http2Connect } from "node:http2";
import { createConnection } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recordingLogger } from "../support/loggers.ts";
import { http1, http2, startIngress, type TestIngress } from "./support.ts";

let ingress: TestIngress;
const { logger, entries } = recordingLogger();
beforeAll(async () => {
  ingress = await startIngress({ logger, limits: { headersTimeoutMs: 1_000, requestTimeoutMs: 1_000 } });
});
afterAll(async () => {
  await ingress.close();
});

const greet = "/org.example.Greeter/Greet";
const head = `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n`;
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** Sends bytes and resets the connection, at once or a little later. */
async function sendAndReset(bytes: Uint8Array | string): Promise<void> {
  const { hostname, port } = new URL(ingress.url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(bytes);
  await new Promise((turn) => setTimeout(turn, randomInt(6)));
  socket.resetAndDestroy();
}

async function expectToWork(): Promise<void> {
  for (const ask of [http1, http2]) {
    const { status } = await ask(ingress.url + greet, {
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(status).toBe(200);
  }
  expect(entries.filter(({ level }) => level === "error")).toEqual([]);
}

it.each([
  ["random bytes", () => randomBytes(randomInt(1, 200))],
  [
    "random bytes after HTTP/2's preface",
    () => Buffer.concat([Buffer.from(preface), randomBytes(randomInt(200))]),
  ],
  ["part of the preface", () => preface.slice(0, randomInt(1, preface.length))],
  ["part of a request", () => `${head}{"name":"`.slice(0, randomInt(1, head.length + 9))],
  ["a request whose answer nobody reads", () => `${head}{"name":"not found"}`],
])("survives %s", async (_, bytes) => {
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 10 }, () => sendAndReset(bytes())));
  }
  await expectToWork();
});

it("survives streams that are reset at any time", async () => {
  const session = http2Connect(ingress.url);
  session.on("error", () => {});
  for (let i = 0; i < 100; i += 1) {
    const path =
      i % 3 === 0 ? "/grpc.health.v1.Health/Watch" : i % 3 === 1 ? greet : "/org.example.Nobody/Nothing";
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
    stream.on("error", () => {});
    stream.write(Buffer.from([0, 0, 0, 0, 0]));
    if (i % 2 === 0) {
      stream.end();
    }
    await new Promise((turn) => setTimeout(turn, randomInt(4)));
    stream.close(8);
  }
  session.destroy();
  await expectToWork();
});
