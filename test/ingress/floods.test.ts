import { rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningCli, startCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { connectRaw, endHeaders, endStream, field, frame, frameType, grpcHeaders } from "./http2-frames.ts";
import { http1, http2 } from "./support.ts";

// A flood fills the server's event loop: it has a process of its own, so that the test's is free.
let server: RunningCli;
let url = "";
let folder = "";
beforeAll(async () => {
  folder = temporaryFolder("floods");
  server = startCli(
    ...["serve", "examples/services.ts", "--port", "0", "--admin-port", "0", "--data", folder],
  );
  url = (await server.printed(/^ingress +(\S+)/m))[1] ?? "";
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const greet = "/org.example.Greeter/Greet";
const headers = grpcHeaders(greet);

/** Frames for one stream after another. Those of clients have odd numbers. */
function* onEachStream(...make: readonly ((stream: number) => Buffer)[]): Generator<Buffer> {
  for (let stream = 1; stream < 2 ** 31; stream += 2) {
    yield Buffer.concat(make.map((one) => one(stream)));
  }
}
function* forever(one: Buffer): Generator<Buffer> {
  const many = Buffer.concat(Array.from({ length: 100 }, () => one));
  for (;;) {
    yield many;
  }
}
function* after(first: Buffer, rest: Iterable<Buffer>): Generator<Buffer> {
  yield first;
  yield* rest;
}

/** Sends until the server closes the connection, there is no more, or the signal aborts. True: the server closed it. */
async function flood(frames: Iterable<Buffer>, signal = new AbortController().signal): Promise<boolean> {
  const socket = await connectRaw(url);
  socket.on("error", () => {}).resume();
  let isClosed = false;
  const closed = new Promise((resolve) => socket.once("close", resolve)).then(() => {
    isClosed = true;
  });
  for (const bytes of frames) {
    if (isClosed || signal.aborted) {
      break;
    }
    if (!socket.write(bytes)) {
      await Promise.race([closed, new Promise((resolve) => socket.once("drain", resolve))]);
    }
  }
  socket.destroy();
  return isClosed;
}

/** Calls of somebody else, over HTTP/1.1 and HTTP/2. */
async function callsOfOthers(): Promise<readonly string[]> {
  const question = { headers: { "content-type": "application/json" }, body: '{"name":"Pete"}' };
  const answers = await Promise.all([http1(url + greet, question), http2(url + greet, question)]);
  return answers.map(({ body }) => JSON.parse(body.toString()).greeting);
}
const answered = ["Hello Pete", "Hello Pete"];

const cancel = Buffer.from([0, 0, 0, 8]);
const open = (stream: number) => frame(frameType.headers, endHeaders, stream, headers);
const lastData = (stream: number) => frame(frameType.data, endStream, stream, Buffer.alloc(5));
const reset = (stream: number) => frame(frameType.reset, 0, stream, cancel);
const noWindow = (stream: number) => frame(frameType.windowUpdate, 0, stream, Buffer.alloc(4));
const priority = (stream: number) => frame(frameType.priority, 0, stream, Buffer.from([0, 0, 0, 0, 1]));
const unended = frame(frameType.headers, 0, 1, headers);
const more = (block: Buffer) => frame(frameType.continuation, 0, 1, block);

/** 4,000 times one field of 3,900 bytes, by one byte each: HPACK's index of what the connection has sent before. */
const large = Buffer.concat([
  Buffer.from([0x40, 5, ...Buffer.from("x-big"), 127, 0xbd, 0x1d]),
  Buffer.alloc(3_900, "a"),
]);
const bomb = (stream: number) =>
  frame(
    frameType.headers,
    endStream | endHeaders,
    stream,
    Buffer.concat(stream === 1 ? [headers, large] : [headers, Buffer.alloc(4_000, 0xbe)]),
  );

it.each<readonly [name: string, frames: Iterable<Buffer>]>([
  ["requests that it resets (rapid reset)", onEachStream(open, reset)],
  ["whole requests that it resets", onEachStream(open, lastData, reset)],
  ["requests that the server has to reset (MadeYouReset)", onEachStream(open, lastData, noWindow)],
  ["requests over the limit", onEachStream(open)],
  ["pings", forever(frame(frameType.ping, 0, 0, Buffer.alloc(8)))],
  ["settings", forever(frame(frameType.settings, 0, 0))],
  ["CONTINUATION", after(unended, forever(more(field("x-a", "b".repeat(100)))))],
  ["empty CONTINUATION", after(unended, forever(more(Buffer.of())))],
  ["DATA of one byte", after(open(1), forever(frame(frameType.data, 0, 1, Buffer.of(0))))],
  ["empty DATA", after(open(1), forever(frame(frameType.data, 0, 1)))],
  ["DATA after the end", after(open(1), forever(lastData(1)))],
  ["priorities", onEachStream(priority)],
  ["small header blocks that stand for large ones (HPACK bomb)", onEachStream(bomb)],
  ["frames of no known type", forever(frame(0x42, 0, 0, Buffer.alloc(8)))],
])("closes a connection that floods it with %s, and answers others", async (_, frames) => {
  const [isClosed, others] = await Promise.all([flood(frames), callsOfOthers()]);
  expect([isClosed, others]).toEqual([true, answered]);
  expect(await callsOfOthers()).toEqual(answered);
});

it("answers others while a connection floods it with window updates, which are next to no work", async () => {
  const controller = new AbortController();
  const flooding = flood(
    forever(frame(frameType.windowUpdate, 0, 0, Buffer.from([0, 0, 0, 1]))),
    controller.signal,
  );
  for (let i = 0; i < 10; i += 1) {
    expect(await callsOfOthers()).toEqual(answered);
  }
  controller.abort();
  await flooding;
});

it("closes an HTTP/1.1 connection that floods it with chunks of one byte, and answers others", async () => {
  const { hostname, port, host } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on("error", () => {}).resume();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(
    `POST ${greet} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
  );
  const chunks = Buffer.from("1\r\n \r\n".repeat(10_000));
  const flooding = (async () => {
    while (!socket.destroyed) {
      if (!socket.write(chunks)) {
        await Promise.race([closed, new Promise((resolve) => socket.once("drain", resolve))]);
      }
    }
  })();
  expect(await callsOfOthers()).toEqual(answered);
  await Promise.all([closed, flooding]);
});
