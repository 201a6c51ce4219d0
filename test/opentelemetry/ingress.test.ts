// Spans of calls and sends through an ingress with the embedded engine.
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { Code, ConnectError } from "restate-connect";
import { type Context, service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { clientTracing, serverTracing } from "restate-connect/opentelemetry";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";
import { origin, recordSpans } from "../support/recorded-spans.ts";

const greet = "org.example.Greeter/Greet";
const add = "org.example.Counter/Add";
const invoke = "dev.restate.Ingress/Invoke";

const spans = recordSpans();
let failures = 0;
let ingress: TestIngress;

const handlers: Readonly<Record<string, (ctx: Context) => unknown>> = {
  nested: (ctx) => ctx.client(createCounterClient).key("k").add({ value: 1n }),
  "nested in a span": (ctx) =>
    trace.getTracer("test").startActiveSpan("own", async (own) => {
      await ctx.client(createCounterClient).key("k").add({ value: 1n });
      own.end();
    }),
  sends: (ctx) => ctx.client(createCounterClient).key("k").send.add({ value: 1n }),
  "fails twice": () => {
    failures += 1;
    if (failures < 3) {
      throw new TypeError("not yet");
    }
  },
  unknown: () => {
    throw new ConnectError("who is it?", Code.NotFound);
  },
  broken: () => {
    throw new ConnectError("out of order", Code.Internal);
  },
};

beforeAll(async () => {
  ingress = await startIngress({
    services: [
      service(Greeter, {
        async greet({ name }, ctx) {
          await handlers[name]?.(ctx);
          return { greeting: JSON.stringify([...ctx.requestHeaders]) };
        },
      }),
      service(Counter, { add: () => ({ value: 1n }), get: () => ({ value: 1n }), reset: () => undefined }),
    ],
    engine: temporaryEngine({ retry: { initialIntervalMs: 1 } }),
    tracing: serverTracing(),
    authenticate({ headers }) {
      if (headers.get("authorization") === "nobody") {
        throw new ConnectError("who are you?", Code.Unauthenticated);
      }
      return undefined;
    },
  });
});
afterAll(() => ingress.close());
beforeEach(() => spans.clear());

function greeter(protocol: "connect" | "grpc" | "grpc-web" = "connect") {
  return createGreeterClient(
    createTransport({ baseUrl: ingress.url, protocol, interceptors: [clientTracing()] }),
  );
}

async function only(name: string, kind?: SpanKind): Promise<ReadableSpan> {
  const found = (await spans.named(name)).filter((span) => kind === undefined || span.kind === kind);
  const [first] = found;
  if (found.length !== 1 || first === undefined) {
    throw new Error(`there are ${found.length} spans ${name}`);
  }
  return first;
}

describe("a call", () => {
  it.each(["connect", "grpc", "grpc-web"] as const)("has one trace over %s", async (protocol) => {
    await greeter(protocol).greet({ name: "nested" });
    await spans.named(greet, 2);
    const client = await only(greet, SpanKind.CLIENT);
    const server = await only(greet, SpanKind.SERVER);
    const attempt = await only(`attempt ${greet}`);
    const nested = await only(`attempt ${add}`);
    const { traceId } = client.spanContext();
    expect(origin(server)).toEqual({ traceId, parent: client.spanContext().spanId, links: [] });
    expect(origin(attempt)).toEqual({ traceId, parent: server.spanContext().spanId, links: [] });
    expect(origin(nested)).toEqual({ traceId, parent: attempt.spanContext().spanId, links: [] });
    expect(attempt.kind).toBe(SpanKind.INTERNAL);
    expect(spans.all()).toHaveLength(4);
  });

  it("gives its handler the context of the server's span", async () => {
    const { greeting } = await greeter().greet({ name: "Pete" }, { headers: { tracestate: "a=b" } });
    await spans.named(greet, 2);
    const { traceId, spanId } = (await only(greet, SpanKind.SERVER)).spanContext();
    expect(JSON.parse(greeting)).toContainEqual(["traceparent", `00-${traceId}-${spanId}-01`]);
  });

  it("has attributes of RPC by the conventions of OpenTelemetry", async () => {
    await greeter().greet({ name: "Pete" });
    await spans.named(greet, 2);
    const { hostname, port } = new URL(ingress.url);
    const { "restate.invocation.id": id, ...server } = (await only(greet, SpanKind.SERVER)).attributes;
    const rpc = {
      "rpc.system.name": "connectrpc",
      "rpc.method": greet,
      "server.address": hostname,
      "server.port": Number(port),
    };
    expect(server).toEqual(rpc);
    expect(id).toMatch(/^inv_1/);
    expect((await only(greet, SpanKind.CLIENT)).attributes).toEqual({ ...rpc, "restate.invocation.id": id });
    expect((await only(`attempt ${greet}`)).attributes).toEqual({
      "rpc.method": greet,
      "restate.invocation.id": id,
      "restate.attempt.number": 1,
    });
  });

  it("calls gRPC and gRPC-web grpc, with the status that they have for success", async () => {
    await greeter("grpc").greet({ name: "Pete" });
    await greeter("grpc-web").greet({ name: "Pete" });
    for (const { attributes } of await spans.named(greet, 4)) {
      expect(attributes).toMatchObject({ "rpc.system.name": "grpc", "rpc.status_code": "OK" });
    }
  });

  it("makes the span of a handler's own the parent of what it calls", async () => {
    await greeter().greet({ name: "nested in a span" });
    const own = await only("own");
    expect(origin(own).parent).toBe((await only(`attempt ${greet}`)).spanContext().spanId);
    expect(origin(await only(`attempt ${add}`)).parent).toBe(own.spanContext().spanId);
  });

  it("begins a trace where its caller has none", async () => {
    await createGreeterClient(createTransport({ baseUrl: ingress.url })).greet({ name: "Pete" });
    const server = await only(greet);
    expect(origin(server)).toMatchObject({ parent: undefined });
    expect(origin(await only(`attempt ${greet}`)).parent).toBe(server.spanContext().spanId);
  });

  it("of health has no span", async () => {
    const check = await fetch(`${ingress.url}/grpc.health.v1.Health/Check`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(await check.json()).toEqual({ status: "SERVING" });
    await greeter().greet({ name: "Pete" });
    expect(spans.all().map(({ name }) => name)).toEqual([`attempt ${greet}`, greet, greet]);
  });

  it("has no key, message or header in a span", async () => {
    const transport = createTransport({ baseUrl: ingress.url, interceptors: [clientTracing()] });
    const headers = { authorization: "Bearer a-secret", cookie: "a-secret" };
    await createCounterClient(transport).key("a-secret").add({ value: 7n }, { headers });
    await greeter().greet({ name: "a-secret" }, { headers, idempotencyKey: "a-secret" });
    await spans.named(greet, 2);
    const told = spans
      .all()
      .map(({ name, attributes, events, links, status }) => [
        name,
        attributes,
        events,
        links.map(({ attributes }) => attributes),
        status,
      ]);
    expect(JSON.stringify(told)).not.toContain("a-secret");
  });
});

describe("an error", () => {
  it("of the caller fails the client's span, and not the server's", async () => {
    await expect(greeter().greet({ name: "unknown" })).rejects.toThrow("who is it?");
    await spans.named(greet, 2);
    const client = await only(greet, SpanKind.CLIENT);
    expect(client.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(client.attributes).toMatchObject({ "rpc.status_code": "not_found", "error.type": "not_found" });
    for (const span of [await only(greet, SpanKind.SERVER), await only(`attempt ${greet}`)]) {
      expect(span.status.code).toBe(SpanStatusCode.UNSET);
      expect(span.attributes["rpc.status_code"]).toBe("not_found");
      expect(span.attributes["error.type"]).toBeUndefined();
    }
  });

  it("of the server fails all spans", async () => {
    await expect(greeter("grpc").greet({ name: "broken" })).rejects.toThrow("out of order");
    await spans.named(greet, 2);
    const client = await only(greet, SpanKind.CLIENT);
    const server = await only(greet, SpanKind.SERVER);
    const attempt = await only(`attempt ${greet}`);
    for (const span of [client, server, attempt]) {
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
      expect(span.attributes["restate.invocation.id"]).toMatch(/^inv_1/);
    }
    expect(client.attributes).toMatchObject({ "rpc.status_code": "INTERNAL", "error.type": "INTERNAL" });
    expect(attempt.attributes["error.type"]).toBe("internal");
  });

  it("of authentication is in the server's span, and nothing is attempted", async () => {
    const headers = { authorization: "nobody" };
    await expect(greeter().greet({ name: "Pete" }, { headers })).rejects.toThrow("who are you?");
    await spans.named(greet, 2);
    expect((await only(greet, SpanKind.SERVER)).attributes["rpc.status_code"]).toBe("unauthenticated");
    expect(spans.all()).toHaveLength(2);
  });
});

describe("a send", () => {
  it("is executed in a trace of its own, which links to the sender", async () => {
    const sent = await greeter().send.greet({ name: "Pete" });
    const { greeting } = await sent.attach();
    await spans.named(invoke, 2);
    const client = await only(invoke, SpanKind.CLIENT);
    const server = await only(invoke, SpanKind.SERVER);
    const { traceId, spanId } = server.spanContext();
    expect(origin(server)).toMatchObject({
      traceId: client.spanContext().traceId,
      parent: client.spanContext().spanId,
    });
    expect(server.attributes["restate.invocation.id"]).toBe(sent.id);

    const attempt = await only(`attempt ${greet}`);
    expect(attempt.kind).toBe(SpanKind.CONSUMER);
    expect(origin(attempt)).toMatchObject({ parent: undefined, links: [`${traceId} ${spanId}`] });
    expect(origin(attempt).traceId).not.toBe(traceId);
    expect(JSON.parse(greeting)).toContainEqual(["traceparent", `00-${traceId}-${spanId}-01`]);
  });

  it("of a handler links to the attempt that sent it", async () => {
    await greeter().greet({ name: "sends" });
    const { traceId, spanId } = (await only(`attempt ${greet}`)).spanContext();
    const attempt = await only(`attempt ${add}`);
    expect(origin(attempt)).toMatchObject({ parent: undefined, links: [`${traceId} ${spanId}`] });
  });

  it("has a span for each attempt, with the error that it failed with", async () => {
    failures = 0;
    const sent = await greeter().send.greet({ name: "fails twice" });
    await sent.attach();
    const attempts = await spans.named(`attempt ${greet}`, 3);
    expect(attempts.map(({ attributes }) => attributes["restate.attempt.number"])).toEqual([1, 2, 3]);
    expect(attempts.map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ]);
    expect(attempts[0]?.attributes["error.type"]).toBe("TypeError");
    expect(attempts[0]?.events[0]?.attributes?.["exception.message"]).toBe("not yet");
    expect(new Set(attempts.map((span) => origin(span).links?.[0])).size).toBe(1);
  });
});
