// Attempts that make room for others, and an SDK without a context manager.

import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { propagation, SpanStatusCode, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { serverTracing } from "restate-connect/opentelemetry";
import { expect, it } from "vitest";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { startIngress } from "../ingress/support.ts";
import { temporaryEngine } from "../ingress/temporary-engine.ts";
import { until } from "../support/until.ts";

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);
propagation.setGlobalPropagator(new W3CTraceContextPropagator());

const greeter = service(Greeter, {
  async greet({ name }, ctx) {
    if (name === "waits") {
      await ctx.awakeable(StringValueSchema).promise;
    }
    if (name === "calls") {
      await ctx.client(createGreeterClient).greet({ name: "called" });
    }
    return { greeting: `Hello ${name}` };
  },
});

async function attempts(count: number): Promise<readonly ReadableSpan[]> {
  const ended = () => exporter.getFinishedSpans().filter(({ name }) => name.startsWith("attempt"));
  await until(() => ended().length >= count);
  return ended();
}

it("an attempt that makes room for others has not failed", async () => {
  exporter.reset();
  const engine = temporaryEngine({ maxRunning: 1 });
  await using ingress = await startIngress({ services: [greeter], engine, tracing: serverTracing() });
  const client = createGreeterClient(createTransport({ baseUrl: ingress.url }));
  // No more than four may be open: those that wait longest leave.
  await Promise.all(Array.from({ length: 6 }, () => client.send.greet({ name: "waits" })));
  for (const { status, attributes, events } of await attempts(2)) {
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes["error.type"]).toBeUndefined();
    expect(events).toEqual([]);
  }
});

it("a handler's calls continue its trace without a context manager", async () => {
  exporter.reset();
  const engine = temporaryEngine();
  await using ingress = await startIngress({ services: [greeter], engine, tracing: serverTracing() });
  await createGreeterClient(createTransport({ baseUrl: ingress.url })).greet({ name: "calls" });
  const [called, caller] = await attempts(2);
  expect(called?.parentSpanContext?.spanId).toBe(caller?.spanContext().spanId);
});
