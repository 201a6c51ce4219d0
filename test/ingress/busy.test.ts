import { connect as http2Connect } from "node:http2";
import { createConnection } from "node:net";
import { expect, it } from "vitest";
import { http1, http2, startIngress } from "./support.ts";

const greet = "/org.example.Greeter/Greet";
const check = "/grpc.health.v1.Health/Check";
const json = { "content-type": "application/json" };

it("answers health checks while requests that are half sent take all places, and ends these early", async () => {
  const limits = { maxConcurrentRequests: 20, headersTimeoutMs: 500, requestTimeoutMs: 600_000 };
  await using ingress = await startIngress({ limits });
  const { hostname, port } = new URL(ingress.url);
  const sockets = Array.from({ length: 25 }, () => {
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.on("error", () => {}).resume();
    socket.write(
      `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{`,
    );
    return socket;
  });
  const ask = (path: string) => http1(ingress.url + path, { headers: json, body: "{}" });
  await expect.poll(async () => (await ask(greet)).status, { interval: 5 }).toBe(429);
  expect((await ask(check)).status).toBe(200);
  expect((await http1(ingress.url + check, { method: "GET" })).status).toBe(200);
  // Long before requestTimeoutMs.
  await expect.poll(async () => (await ask(greet)).status, { timeout: 20_000 }).toBe(200);
  for (const socket of sockets) {
    socket.destroy();
  }
});

it("has a number of places for health checks", async () => {
  await using ingress = await startIngress({ limits: { maxConcurrentRequests: 5 } });
  const session = http2Connect(ingress.url);
  session.on("error", () => {});
  const half = (path: string) => {
    const stream = session.request({ ":method": "POST", ":path": path, ...json });
    stream.on("error", () => {}).write("{");
  };
  for (let i = 0; i < 10; i += 1) {
    half(greet);
  }
  const status = async () => (await http2(ingress.url + check, { headers: json, body: "{}" })).status;
  expect(await status()).toBe(200);
  for (let i = 0; i < 100; i += 1) {
    half(check);
  }
  await expect.poll(status).toBe(429);
  session.destroy();
  await expect.poll(status).toBe(200);
});

it("says why a GET is not allowed, and what a stream must be", async () => {
  await using ingress = await startIngress();
  const get = await http1(`${ingress.url}${greet}?encoding=json&message={}`, { method: "GET" });
  expect([get.status, get.headers.allow]).toEqual([405, "POST"]);
  expect(get.body.toString()).toContain("idempotency_level = NO_SIDE_EFFECTS");
  const put = await http1(ingress.url + greet, { method: "PUT", headers: json, body: "{}" });
  expect([put.status, put.body.toString()]).toEqual([405, "PUT calls nothing here: use POST.\n"]);
  const reflection = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  const stream = await http1(ingress.url + reflection, { headers: json, body: "{}" });
  expect(stream.status).toBe(415);
  expect(stream.headers["accept-post"]).toContain("application/grpc+proto");
  expect(stream.body.toString()).toContain("ServerReflectionInfo is a stream");
});
