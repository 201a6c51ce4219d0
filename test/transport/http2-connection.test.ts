// The connection that all HTTP/2 transports share, against servers that are hard to live with.
import { once } from "node:events";
import {
  constants,
  createServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Code, ConnectError } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { expect, it } from "vitest";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";

interface Server extends AsyncDisposable {
  readonly url: string;
  readonly sessions: readonly ServerHttp2Session[];
  /** Requests that wait for {@link answer}, in the order of their arrival. */
  readonly waiting: ServerHttp2Stream[];
  /** Resolves once so many requests wait. */
  arrived(count: number): Promise<void>;
  answerAll(): void;
}

/** A server that answers when the test says so. */
async function heldServer(settings: Settings = {}): Promise<Server> {
  const server = createServer({ settings });
  const sessions: ServerHttp2Session[] = [];
  const waiting: ServerHttp2Stream[] = [];
  server.on("session", (session) => sessions.push(session));
  server.on("stream", (stream) => {
    stream.resume();
    stream.on("error", () => {}); // its client has left
    waiting.push(stream);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sessions,
    waiting,
    async arrived(count) {
      while (waiting.length < count) {
        await once(server, "stream");
      }
    },
    answerAll() {
      for (const stream of waiting.splice(0)) {
        stream.respond({ ":status": 200, "x-restate-id": "inv_1" });
        stream.end();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) {
        session.destroy();
      }
      server.close();
    },
  };
}

function greeterOf(baseUrl: string, session: { pingIntervalMs?: number; pingTimeoutMs?: number } = {}) {
  return createGreeterClient(createTransport({ baseUrl, protocol: "restate", httpVersion: "2", session }));
}

it("opens another connection where the server would let requests wait", async () => {
  await using server = await heldServer({ maxConcurrentStreams: 2 });
  const greeter = greeterOf(server.url);
  const first = greeter.greet({});
  await server.arrived(1); // by now the server has said how many it allows
  server.answerAll();
  await first;
  expect(server.sessions).toHaveLength(1);

  const calls = Array.from({ length: 5 }, () => greeter.greet({}));
  await server.arrived(5);
  expect(server.sessions).toHaveLength(3);
  server.answerAll();
  await Promise.all(calls);
});

it("finds room for all requests of a first burst, of which the server refuses most", async () => {
  await using server = await heldServer({ maxConcurrentStreams: 2 });
  const greeter = greeterOf(server.url);
  const calls = Promise.all(Array.from({ length: 10 }, () => greeter.greet({})));
  await Promise.race([server.arrived(10), calls]);
  expect(server.sessions).toHaveLength(5);
  server.answerAll();
  await calls;
});

it("has no new deadline for a request that it sends again", async () => {
  await using server = await heldServer();
  const greeter = greeterOf(server.url);
  const ended: string[] = [];
  const hang = async (name: string) => {
    const error = await greeter.greet({}, { timeoutMs: 500 }).catch(ConnectError.from);
    expect(error).toMatchObject({ code: Code.DeadlineExceeded });
    ended.push(name);
  };
  const earlier = hang("earlier");
  await server.arrived(1);
  await setTimeout(100); // of its deadline
  const later = hang("later");
  await server.arrived(2);
  server.waiting.shift()?.close(constants.NGHTTP2_REFUSED_STREAM);
  await Promise.all([earlier, later]);
  expect(ended).toEqual(["earlier", "later"]);
});

it("leaves a connection that the server closes in peace, and lets its requests finish", async () => {
  await using server = await heldServer();
  const greeter = greeterOf(server.url);
  const before = greeter.greet({});
  await server.arrived(1);
  const [session] = server.sessions;
  const sawEnd = once(session as ServerHttp2Session, "close");
  session?.close(); // GOAWAY
  // A ping is answered after the GOAWAY has been read.
  await new Promise<void>((resolve) => session?.ping(() => resolve()));
  const after = greeter.greet({});
  await server.arrived(2);
  expect(server.sessions).toHaveLength(2);
  server.answerAll();
  await Promise.all([before, after]);
  await sawEnd;
});

it("gives up a connection whose server never speaks", async () => {
  const sockets: Socket[] = [];
  const silent = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const greeter = greeterOf(url, { pingTimeoutMs: 100 });
  const errors = [greeter.greet({}), greeter.greet({})].map((call) => call.catch(ConnectError.from));
  for (const error of await Promise.all(errors)) {
    expect(error).toMatchObject({ code: Code.Unavailable });
    expect((error as ConnectError).message).toContain("no sign of life within 100 ms");
  }
  expect(sockets).toHaveLength(1);
  await greeter.greet({}).catch(() => {});
  expect(sockets).toHaveLength(2);
  silent.close();
});

it("lets a request take longer than a ping", async () => {
  await using server = await heldServer();
  const greeter = greeterOf(server.url, { pingIntervalMs: 5, pingTimeoutMs: 5_000 });
  const call = greeter.greet({});
  await server.arrived(1);
  const [session] = server.sessions;
  for (let pings = 0; pings < 3; pings++) {
    await once(session as ServerHttp2Session, "ping");
  }
  server.answerAll();
  await call;
});

it("cancels the request that its caller gives up, and keeps the connection", async () => {
  await using server = await heldServer();
  const greeter = greeterOf(server.url);
  const controller = new AbortController();
  const call = greeter.greet({}, { signal: controller.signal }).catch(ConnectError.from);
  await server.arrived(1);
  const closed = once(server.waiting.splice(0)[0] as ServerHttp2Stream, "close");
  controller.abort();
  expect(await call).toMatchObject({ code: Code.Canceled });
  await closed;
  const next = greeter.greet({});
  await server.arrived(1);
  server.answerAll();
  await next;
  expect(server.sessions).toHaveLength(1);
});
