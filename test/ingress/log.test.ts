// What the log says of requests, refusals and retries, and what it never says.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { type IngressOptions, service } from "../../src/ingress/index.ts";
import { type RecordedEntry, recordingLogger } from "../support/loggers.ts";
import { until } from "../support/until.ts";
import { http1, startIngress, type TestIngress } from "./support.ts";
import { temporaryEngine } from "./temporary-engine.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const greet = "org.example.Greeter/Greet";
const json = { "content-type": "application/json" };
/** Lets the handlers of "wait" go on. */
let release = Promise.withResolvers<void>();
const greeter = service(Greeter, {
  async greet({ name }, { attempt }) {
    if (name === "wait") {
      await release.promise;
    }
    if (name === "not found") {
      throw new ConnectError("no such person", Code.NotFound);
    }
    if (name === "flaky" && attempt === 1) {
      throw new TypeError("not yet");
    }
    return { greeting: `Hello ${name}` };
  },
});

let ingress: TestIngress | undefined;
afterEach(() => ingress?.close());

/** Starts an ingress and its engine with one log. */
async function start(options: Partial<IngressOptions> = {}) {
  const { logger, entries } = recordingLogger({ debug: true });
  const engine = temporaryEngine({ logger, retry: { initialIntervalMs: 1 } });
  const started = await startIngress({ services: [greeter], engine, logger, ...options });
  ingress = started;
  return { url: started.url, entries, logger };
}

function requests(entries: readonly RecordedEntry[]): readonly RecordedEntry[] {
  return entries.filter(({ message }) => message === "request");
}

describe("the log of requests", () => {
  it("has a line for each at debug, with method, protocol, code, duration, sizes and ids", async () => {
    const { url, entries } = await start();
    const body = '{"name":"Pete"}';
    const headers = { ...json, traceparent, "content-length": String(body.length) };
    const answer = await http1(`${url}/${greet}`, { headers, body });
    expect(entries).toEqual([
      {
        level: "debug",
        message: "request",
        fields: {
          method: greet,
          protocol: "connect",
          code: "ok",
          durationMs: expect.any(Number),
          requestBytes: body.length,
          responseBytes: answer.body.length,
          invocation: answer.headers["x-restate-id"],
          traceId,
        },
      },
    ]);
  });

  it("has the code of an error, in each protocol", async () => {
    const { url, entries } = await start();
    for (const transport of [
      createConnectTransport({ baseUrl: url, httpVersion: "2" }),
      createGrpcTransport({ baseUrl: url }),
    ]) {
      await expect(createClient(Greeter, transport).greet({ name: "not found" })).rejects.toThrow();
    }
    await until(() => requests(entries).length === 2);
    expect(requests(entries).map(({ fields }) => [fields.protocol, fields.code, fields.method])).toEqual([
      ["connect", "not_found", greet],
      ["grpc", "not_found", greet],
    ]);
    for (const { fields } of requests(entries)) {
      expect(fields.invocation).toMatch(/^inv_1/);
    }
  });

  it("is not made for a logger that says that debug is off", async () => {
    const { logger } = recordingLogger();
    const debug = vi.fn();
    const { url } = await start({ logger: { ...logger, debug, isDebugEnabled: () => false } });
    await createClient(Greeter, createConnectTransport({ baseUrl: url, httpVersion: "1.1" })).greet({});
    expect(debug).not.toHaveBeenCalled();
  });
});

describe("the log of refusals", () => {
  it("says why at info, with the method and the trace", async () => {
    const { url, entries } = await start({
      authenticate() {
        throw new ConnectError("who are you?", Code.Unauthenticated);
      },
    });
    await http1(`${url}/${greet}`, { headers: { ...json, traceparent }, body: "{}" });
    await http1(`${url}/no.such.Service/Call?secret=1`, { headers: json, body: "{}" });
    await http1(`${url}/${greet}`, { headers: { "content-type": "text/plain" }, body: "" });
    const refused = entries.filter(({ message }) => message === "a request was refused");
    expect(refused.map(({ level, fields }) => ({ level, ...fields }))).toEqual([
      { level: "info", reason: "unauthenticated", method: greet, traceId },
      { level: "info", reason: "unknown_method", method: "/no.such.Service/Call", traceId: undefined },
      { level: "info", reason: "unsupported_type", method: `/${greet}`, traceId: undefined },
    ]);
  });

  it("warns where there is no room", async () => {
    const { url, entries } = await start({ limits: { maxConcurrentRequests: 1 } });
    release = Promise.withResolvers();
    const asked = ["wait", "wait"].map((name) =>
      http1(`${url}/${greet}`, { headers: json, body: JSON.stringify({ name }) }),
    );
    await Promise.race(asked);
    release.resolve();
    await Promise.all(asked);
    const [first] = entries.filter(({ message }) => message === "a request was refused");
    expect(first).toMatchObject({
      level: "warn",
      fields: { reason: "too_many_requests", method: greet },
    });
  });

  it("has one line for a flood of one reason, and counts the others", async () => {
    const { url, entries } = await start();
    const now = vi.spyOn(performance, "now").mockReturnValue(10_000);
    const refuse = () => http1(`${url}/no.such.Service/Call`, { headers: json, body: "{}" });
    for (let i = 0; i < 20; i++) {
      await refuse();
    }
    now.mockReturnValue(11_500);
    await refuse();
    now.mockRestore();
    const refused = entries.filter(({ message }) => message === "a request was refused");
    expect(refused.map(({ fields }) => fields.notLogged)).toEqual([undefined, 19]);
  });
});

describe("the log of retries", () => {
  it("warns, with the ids of invocation and trace", async () => {
    const { url, entries } = await start();
    const transport = createConnectTransport({ baseUrl: url, httpVersion: "1.1" });
    const call = createClient(Greeter, transport).greet(
      { name: "flaky" },
      { headers: { traceparent, "idempotency-key": "k" } },
    );
    expect((await call).greeting).toBe("Hello flaky");
    const [retried] = entries.filter(({ level }) => level === "warn");
    expect(retried).toMatchObject({
      message: "an attempt failed and is retried",
      fields: { method: greet, attempt: 1, invocation: expect.stringMatching(/^inv_1/), traceId },
    });
  });
});

describe("the log", () => {
  it("never has credentials, keys or messages", async () => {
    const secret = "tiger-8371";
    const { url, entries } = await start({
      services: [
        greeter,
        service(Counter, { add: () => ({ value: 1n }), get: () => ({ value: 1n }), reset: () => undefined }),
      ],
      authenticate({ headers }) {
        if (headers.get("authorization") !== `Bearer ${secret}`) {
          throw new ConnectError("who are you?", Code.Unauthenticated);
        }
        return undefined;
      },
    });
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `session=${secret}`,
      "x-api-key": secret,
      "idempotency-key": secret,
    };
    const transport = createConnectTransport({ baseUrl: url, httpVersion: "1.1" });
    const counter = createClient(Counter, transport);
    await counter.add({ counter: secret, value: 1n }, { headers });
    await createClient(Greeter, transport).greet({ name: secret }, { headers });
    await createClient(Greeter, transport)
      .greet({ name: "not found" }, { headers })
      .catch(() => undefined);
    const wrong = { ...json, ...headers, authorization: `Basic ${secret}` };
    await http1(`${url}/${greet}`, { headers: wrong, body: JSON.stringify({ name: secret }) });
    await http1(`${url}/${greet}`, { headers: { ...json, ...headers }, body: `{"${secret}": 1}` });
    await http1(`${url}/no.such.Service/Call?token=${secret}`, {
      headers: { ...json, ...headers },
      body: "{}",
    });
    await http1(`${url}/${greet}?message=${secret}&encoding=json`, { method: "GET", headers });
    await until(() => requests(entries).length >= 5);
    expect(entries.filter(({ level }) => level !== "debug").length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(entries)).not.toContain(secret);
  });
});
