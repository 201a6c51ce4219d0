// Traces through a real Restate server, which may make spans of its own.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { awakeables } from "restate-connect";
import { createEndpoint, type Endpoint, service } from "restate-connect/endpoint";
import { restate } from "restate-connect/engine";
import { createTransport } from "restate-connect/node";
import { clientTracing, serverTracing } from "restate-connect/opentelemetry";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { startIngress, type TestIngress } from "../ingress/support.ts";
import { startCliWith } from "../support/cli.ts";
import { describeWithRestate } from "../support/describe-restate.ts";
import { quietSdk } from "../support/quiet-sdk.ts";
import { origin, recordSpans } from "../support/recorded-spans.ts";
import { type RestateServer, startRestate } from "../support/restate-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

vi.hoisted(() => {
  process.env.RESTATE_LOGGING = "ERROR";
});

const greet = "org.example.Greeter/Greet";
const invoke = "dev.restate.Ingress/Invoke";
const spans = recordSpans();
let hasFailed = false;

const greeter = service(Greeter, {
  async greet({ name }, ctx) {
    if (name === "nested") {
      const { greet, send } = ctx.client(createGreeterClient);
      await greet({ name: "inner" });
      await (await send.greet({ name: "inner" })).attach();
      if (!hasFailed) {
        hasFailed = true;
        throw new TypeError("fails once, after both");
      }
    }
    return { greeting: `Hello ${name}` };
  },
});

describeWithRestate("tracing with Restate", () => {
  describe.each([
    ["without spans of its own", false],
    ["with spans of its own", true],
  ])("%s", (_, makesSpans) => {
    let server: RestateServer;
    let endpoint: Endpoint;
    let ingress: TestIngress;

    beforeAll(async () => {
      quietSdk();
      server = await startRestate({ makesSpans });
      endpoint = createEndpoint({ services: [greeter], tracing: serverTracing() });
      await server.register((await endpoint.listen({ port: 0 })).url);
      const { ingressUrl, adminUrl } = server;
      ingress = await startIngress({
        services: [greeter],
        engine: restate({ ingressUrl, adminUrl }),
        tracing: serverTracing(),
      });
    });
    afterAll(async () => {
      await ingress?.close();
      await server?.stop();
      await endpoint?.close({ drainMs: 0 });
    });
    beforeEach(() => {
      spans.clear();
      hasFailed = false;
    });

    const through = {
      "our ingress": () => createTransport({ baseUrl: ingress.url, interceptors: [clientTracing()] }),
      "Restate's ingress": () =>
        createTransport({
          baseUrl: server.ingressUrl,
          protocol: "restate",
          interceptors: [clientTracing()],
        }),
    };

    describe.each(Object.entries(through))("through %s", (_, transport) => {
      it("a call and the calls of its handler have one trace, with a span for each attempt", async () => {
        await createGreeterClient(transport()).greet({ name: "nested" });
        const client = last(await spans.named(greet), SpanKind.CLIENT);
        // Two attempts, a nested call and a nested send.
        const attempts = await spans.named(`attempt ${greet}`, 4);
        const called = attempts.filter(({ kind }) => kind === SpanKind.SERVER);
        expect(called).toHaveLength(3);
        const { traceId } = client.spanContext();
        expect(called.map((span) => span.spanContext().traceId)).toEqual([traceId, traceId, traceId]);
        expect(called.map(({ attributes }) => attributes["error.type"])).toEqual([
          undefined,
          "TypeError",
          undefined,
        ]);
        const id = client.attributes["restate.invocation.id"];
        expect(called.map(({ attributes }) => attributes["restate.invocation.id"] === id)).toEqual([
          false,
          true,
          true,
        ]);
        const sent = attempts.filter(({ kind }) => kind === SpanKind.CONSUMER);
        expect(sent.map((span) => span.links[0]?.context.traceId)).toEqual([traceId]);
        expect(origin(sent[0]).traceId).not.toBe(traceId);
      });

      it("a send's execution links to its sender", async () => {
        const sent = await createGreeterClient(transport()).send.greet({ name: "Pete" });
        await sent.attach();
        const senders = await spans.named(invoke, transport === through["our ingress"] ? 2 : 1);
        const sender = senders.find(({ kind }) => kind === SpanKind.SERVER) ?? senders[0];
        const { traceId, spanId } = sender?.spanContext() ?? {};
        const [attempt] = await spans.named(`attempt ${greet}`);
        expect(attempt?.kind).toBe(SpanKind.CONSUMER);
        expect(origin(attempt).links).toEqual([`${traceId} ${spanId}`]);
        // Restate goes on with the sender's trace, if it makes spans.
        expect(origin(attempt).traceId === traceId).toBe(makesSpans);
        expect(origin(attempt).parent !== undefined).toBe(makesSpans);
      });
    });
  });
});

describeWithRestate("serve --as-endpoint --tracing", () => {
  it("makes the spans of attempts", async () => {
    spans.clear();
    const file = join(temporaryFolder("tracing"), "spans.jsonl");
    vi.stubEnv("SPANS", file);
    const server = await startRestate();
    await using cli = startCliWith(
      ["--import", fileURLToPath(new URL("../opentelemetry/fixtures/instrumentation.ts", import.meta.url))],
      ...["serve", "test/opentelemetry/fixtures/services.ts", "--as-endpoint", "--port", "0", "--tracing"],
    );
    try {
      const [, url = ""] = await cli.printed(/endpoint\s+(http:\S+)/);
      await server.register(url);
      const interceptors = [clientTracing()];
      const transport = createTransport({ baseUrl: server.ingressUrl, protocol: "restate", interceptors });
      await createGreeterClient(transport).greet({ name: "Pete" });
      const [client] = await spans.named(greet);
      const { traceId, spanId } = client?.spanContext() ?? {};
      await until(() => existsSync(file));
      expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
        name: `attempt ${greet}`,
        traceId,
        parent: spanId,
      });
    } finally {
      vi.unstubAllEnvs();
      await server.stop();
    }
  });
});

describeWithRestate("tracing with a Restate server that suspends", () => {
  it("has a span for each attempt: an attempt that is suspended has not failed", async () => {
    quietSdk();
    spans.clear();
    const server = await startRestate({ inactivityMs: 10 });
    const waits = service(Greeter, {
      async greet(_, ctx) {
        const { id, promise } = ctx.awakeable(StringValueSchema);
        await ctx.sdk?.run("tell the test", () => told.resolve(id));
        return { greeting: (await promise).value };
      },
    });
    const told = Promise.withResolvers<string>();
    const endpoint = createEndpoint({ services: [waits], tracing: serverTracing() });
    try {
      await server.register((await endpoint.listen({ port: 0 })).url);
      const transport = createTransport({ baseUrl: server.ingressUrl, protocol: "restate" });
      const call = createGreeterClient(transport).greet({});
      const id = await told.promise;
      const [suspended] = await spans.named(`attempt ${greet}`);
      expect(suspended?.status.code).toBe(SpanStatusCode.UNSET);
      expect(suspended?.attributes["error.type"]).toBeUndefined();
      await awakeables(transport).resolve(id, StringValueSchema, { value: "resolved" });
      expect((await call).greeting).toBe("resolved");
      expect((await spans.named(`attempt ${greet}`, 2)).length).toBeGreaterThanOrEqual(2);
    } finally {
      await server.stop();
      await endpoint.close({ drainMs: 0 });
    }
  });
});

function last(found: readonly ReadableSpan[], kind: SpanKind): ReadableSpan {
  const span = found.findLast((one) => one.kind === kind);
  if (span === undefined) {
    throw new Error(`there is no span of kind ${kind}`);
  }
  return span;
}
