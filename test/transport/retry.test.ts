import type { IncomingMessage, ServerResponse } from "node:http";
import { Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { service } from "restate-connect/ingress";
import { createTransport as createNodeTransport, type NodeTransportOptions } from "restate-connect/node";
import { createTransport as createWebTransport } from "restate-connect/web";
import { describe, expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Orders } from "../../generated/org/example/orders_pb.ts";
import { startIngress } from "../ingress/support.ts";
import { httpServer } from "../support/http-server.ts";

type Retry = NonNullable<NodeTransportOptions["retry"]>;

const transports: readonly [name: string, create: (baseUrl: string, retry: Retry) => Transport][] = [
  ["web", (baseUrl, retry) => createWebTransport({ baseUrl, retry, format: "json" })],
  ["node", (baseUrl, retry) => createNodeTransport({ baseUrl, retry, format: "json" })],
];
const fast = { initialIntervalMs: 1 };

/** Answers each request with the next of these; the last one also answers all that follow. */
function script(keys: (string | undefined)[], ...answers: ((response: ServerResponse) => void)[]) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const answer = answers[Math.min(keys.length, answers.length - 1)];
    keys.push(request.headers["idempotency-key"] as string | undefined);
    request.resume().on("end", () => answer?.(response));
  };
}

const greet = (response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json" }).end('{"greeting":"Hello"}');
};
const hangUp = (response: ServerResponse) => response.socket?.destroy();
const breakOff = (response: ServerResponse) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": "99" });
  response.write('{"gree', () => response.socket?.destroy());
};
const fail = (status: number, code: string, headers: Record<string, string> = {}) => {
  return (response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ code, message: "no" }));
  };
};

describe.each(transports)("retry, %s", (_name, create) => {
  it("tries again after a lost connection, a broken answer and unavailable, under one idempotency key", async () => {
    const keys: (string | undefined)[] = [];
    await using server = await httpServer(script(keys, hangUp, breakOff, fail(503, "unavailable"), greet));
    const client = createClient(Greeter, create(server.url, fast));
    expect((await client.greet({ name: "Pete" })).greeting).toBe("Hello");
    expect(keys).toHaveLength(4);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(1);
  });

  it("keeps the caller's idempotency key", async () => {
    const keys: (string | undefined)[] = [];
    await using server = await httpServer(script(keys, hangUp, greet));
    const client = createClient(Greeter, create(server.url, fast));
    await client.greet({}, { headers: { "idempotency-key": "mine" } });
    expect(keys).toEqual(["mine", "mine"]);
  });

  it("gives each call a key of its own, and none to a method without side effects", async () => {
    const keys: (string | undefined)[] = [];
    await using server = await httpServer(
      script(keys, greet, greet, fail(503, "unavailable"), fail(404, "not_found")),
    );
    const transport = create(server.url, fast);
    await createClient(Greeter, transport).greet({});
    await createClient(Greeter, transport).greet({});
    expect(new Set(keys).size).toBe(2);
    await expect(createClient(Orders, transport).find({})).rejects.toMatchObject({ code: Code.NotFound });
    expect(keys.slice(2)).toEqual([undefined, undefined]);
  });

  it.each([
    ["invalid_argument", 400, Code.InvalidArgument],
    ["aborted", 409, Code.Aborted],
    ["internal", 500, Code.Internal],
    ["resource_exhausted", 429, Code.ResourceExhausted],
  ] as const)("does not repeat %s", async (name, status, code) => {
    const keys: (string | undefined)[] = [];
    await using server = await httpServer(script(keys, fail(status, name)));
    await expect(createClient(Greeter, create(server.url, fast)).greet({})).rejects.toMatchObject({ code });
    expect(keys).toHaveLength(1);
  });

  it("repeats resource_exhausted when the server says when", async () => {
    const keys: (string | undefined)[] = [];
    const busy = fail(429, "resource_exhausted", { "retry-after": "0" });
    await using server = await httpServer(script(keys, busy, greet));
    await createClient(Greeter, create(server.url, fast)).greet({});
    expect(keys).toHaveLength(2);
  });

  it.each([
    ["more than the deadline leaves", "2", { timeoutMs: 1_500 }],
    ["more than a minute", "61", {}],
    ["more than a timer can count", "9999999", {}],
  ])("does not wait for a server that asks for %s", async (_what, seconds, options) => {
    const keys: (string | undefined)[] = [];
    const busy = fail(503, "unavailable", { "retry-after": seconds });
    await using server = await httpServer(script(keys, busy, greet));
    const call = createClient(Greeter, create(server.url, fast)).greet({}, options);
    await expect(call).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: "no" });
    expect(keys).toHaveLength(1);
  });

  it("begins no attempt later than maxDurationMs after the first one", async () => {
    const keys: (string | undefined)[] = [];
    const busy = fail(503, "unavailable", { "retry-after": "10" });
    await using server = await httpServer(script(keys, fail(503, "unavailable"), busy, greet));
    const client = createClient(Greeter, create(server.url, { ...fast, maxDurationMs: 9_000 }));
    await expect(client.greet({})).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: "no" });
    expect(keys).toHaveLength(2);
  });

  it("does not repeat what the invocation ended with", async () => {
    const keys: (string | undefined)[] = [];
    const ended = fail(503, "unavailable", { "idempotency-expires": "2026-11-25T00:00:00.000Z" });
    await using server = await httpServer(script(keys, ended, greet));
    const call = createClient(Greeter, create(server.url, fast)).greet({});
    await expect(call).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: "no" });
    expect(keys).toHaveLength(1);
  });

  it("stops when the caller aborts", async () => {
    const keys: (string | undefined)[] = [];
    const controller = new AbortController();
    const abort = (response: ServerResponse) => {
      fail(503, "unavailable", { "retry-after": "50" })(response);
      response.on("finish", () => setTimeout(() => controller.abort(), 20));
    };
    await using server = await httpServer(script(keys, abort));
    const call = createClient(Greeter, create(server.url, fast)).greet({}, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    expect(keys).toHaveLength(1);
  });

  it("ends with the last error after maxAttempts", async () => {
    const keys: (string | undefined)[] = [];
    await using server = await httpServer(script(keys, fail(503, "unavailable")));
    const client = createClient(Greeter, create(server.url, { ...fast, maxAttempts: 3 }));
    await expect(client.greet({})).rejects.toMatchObject({ code: Code.Unavailable, rawMessage: "no" });
    expect(keys).toHaveLength(3);
  });

  it("stops retrying when everything fails", async () => {
    const keys: (string | undefined)[] = [];
    await using server = await httpServer(script(keys, fail(503, "unavailable")));
    const client = createClient(Greeter, create(server.url, fast));
    for (let call = 0; call < 50; call++) {
      await expect(client.greet({})).rejects.toMatchObject({ code: Code.Unavailable });
    }
    // 50 first attempts, and no more retries than the budget of five allows.
    expect(keys).toHaveLength(54);
  });

  it("is off unless asked for", async () => {
    const keys: (string | undefined)[] = [];
    await using server = await httpServer(script(keys, fail(503, "unavailable")));
    await expect(createClient(Greeter, create(server.url, false)).greet({})).rejects.toThrow();
    expect(keys).toEqual([undefined]);
  });
});

const protocols = ["connect", "grpc", "grpc-web"] as const;

it.each(protocols)(
  "an outcome is final over %s: neither its call nor its attach is repeated",
  async (protocol) => {
    let runs = 0;
    const fails = service(Greeter, {
      greet: () => {
        runs += 1;
        throw new ConnectError("the mill is closed", Code.Unavailable);
      },
    });
    await using ingress = await startIngress({ services: [fails] });
    let requests = 0;
    const count: Interceptor = (next) => (request) => {
      requests += 1;
      return next(request);
    };
    const options = { baseUrl: ingress.url, protocol, retry: fast, interceptors: [count] };
    const greeter = createGreeterClient(createNodeTransport(options));
    const ended = { code: Code.Unavailable, rawMessage: "the mill is closed" };
    await expect(greeter.greet({})).rejects.toMatchObject(ended);
    expect({ runs, requests }).toEqual({ runs: 1, requests: 1 });
    const sent = await greeter.send.greet({});
    await expect(sent.attach()).rejects.toMatchObject(ended);
    expect({ runs, requests }).toEqual({ runs: 2, requests: 3 });
  },
);
