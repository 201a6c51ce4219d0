import { connect as http2Connect } from "node:http2";
import { createConnection, type Socket } from "node:net";
import { expect, it } from "vitest";
import { connectRaw, endHeaders, endStream, frame, frameType, grpcHeaders } from "./http2-frames.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";

const greet = "/org.example.Greeter/Greet";
const json = { "content-type": "application/json" };

function connectTo({ url }: TestIngress): Socket {
  const { hostname, port } = new URL(url);
  return createConnection({ host: hostname, port: Number(port) });
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));

it("cuts off an HTTP/1.1 client that does not read its answer", async () => {
  await using ingress = await startIngress({ limits: { responseTimeoutMs: 300, maxConcurrentRequests: 1 } });
  const socket = connectTo(ingress);
  socket.on("error", () => {});
  const body = JSON.stringify({ name: "x".repeat(20_000_000) });
  await new Promise((written) =>
    socket.write(
      `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      written,
    ),
  );
  const ask = async () => (await http1(ingress.url + greet, { headers: json, body: "{}" })).status;
  // It counts as a request as long as its answer is under way, and its end makes room.
  expect(await ask()).toBe(429);
  await expect.poll(ask).toBe(200);
  const end = closed(socket);
  socket.resume();
  await end;
  expect(socket.bytesRead).toBeLessThan(20_000_000);
});

it("resets the stream of an HTTP/2 client whose window stays closed, and closes the idle connection", async () => {
  await using ingress = await startIngress({ limits: { responseTimeoutMs: 300, idleTimeoutMs: 300 } });
  const session = http2Connect(ingress.url, { settings: { initialWindowSize: 0 } });
  const end = new Promise((resolve) => session.once("close", resolve));
  const stream = session.request({ ":method": "POST", ":path": greet, ...json });
  const reset = new Promise((resolve) => stream.once("close", () => resolve(stream.rstCode)));
  stream.on("error", () => {});
  stream.end('{"name":"Pete"}');
  expect(await reset).toBe(8);
  await end;
});

it("takes its time where the client reads", async () => {
  await using ingress = await startIngress({ limits: { responseTimeoutMs: 60_000 } });
  const socket = connectTo(ingress);
  const body = JSON.stringify({ name: "x".repeat(5_000_000) });
  socket.write(
    `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await closed(socket.on("data", () => {}));
  expect(socket.bytesRead).toBeGreaterThan(5_000_000);
});

it("lets an answer wait for that to an earlier request of its connection", async () => {
  await using ingress = await startIngress({ limits: { responseTimeoutMs: 200 } });
  const socket = connectTo(ingress);
  const request = (name: string, more = "") => {
    const body = JSON.stringify({ name });
    return `POST ${greet} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
  };
  socket.write(request("forever", "connect-timeout-ms: 900\r\n") + request("Pete", "connection: close\r\n"));
  let received = "";
  await closed(
    socket.on("data", (chunk: Buffer) => {
      received += chunk;
    }),
  );
  expect(received).toMatch(/^HTTP\/1.1 504 [\s\S]*HTTP\/1.1 200 [\s\S]*Hello Pete/);
});

it("asks a silent HTTP/2 client for a sign of life, and closes the connection without one", async () => {
  await using ingress = await startIngress({ limits: { idleTimeoutMs: 200 } });
  const watch = {
    ":method": "POST",
    ":path": "/grpc.health.v1.Health/Watch",
    "content-type": "application/grpc",
  };
  const alive = http2Connect(ingress.url);
  const pinged = new Promise((resolve) => alive.once("ping", resolve));
  const streamOfAlive = alive.request(watch);
  streamOfAlive.end(Buffer.alloc(5));

  const dead = await connectRaw(ingress.url);
  const end = closed(dead.on("data", () => {}).on("error", () => {}));
  dead.write(frame(frameType.headers, endHeaders, 1, grpcHeaders(watch[":path"])));
  dead.write(frame(frameType.data, endStream, 1, Buffer.alloc(5)));
  await end;
  await pinged;
  expect(alive.closed).toBe(false);
  expect(streamOfAlive.closed).toBe(false);
  alive.destroy();
});
