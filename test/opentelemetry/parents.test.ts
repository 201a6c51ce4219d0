// Whose child the span of a request is: an instrumentation of HTTP may have made a span for it already.
import { type Context, context, type Span, trace } from "@opentelemetry/api";
import { serverTracing } from "restate-connect/opentelemetry";
import { beforeEach, expect, it } from "vitest";
import { origin, recordSpans } from "../support/recorded-spans.ts";

const spans = recordSpans();
const tracer = trace.getTracer("test");
const callers = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
const traceparent = `00-${callers.traceId}-${callers.spanId}-01`;

beforeEach(() => spans.clear());

/** The origin of the span of a request that comes while this span is active. */
async function originWithin(active: Span | undefined, header?: string) {
  const base = context.active();
  const around: Context = active === undefined ? base : trace.setSpan(base, active);
  context.with(around, () => {
    const request = serverTracing().startRequest({
      method: "a.B/C",
      protocol: "connect",
      url: "http://localhost:8080/a.B/C",
      header: (name) => (name === "traceparent" ? header : undefined),
    });
    request.end(undefined, undefined);
  });
  const [span] = await spans.named("a.B/C");
  return origin(span);
}

it("the caller's, where no other span is active", async () => {
  expect(await originWithin(undefined, traceparent)).toMatchObject({
    traceId: callers.traceId,
    parent: callers.spanId,
  });
});

it("that of the active span in the caller's trace", async () => {
  const remote = trace.setSpanContext(context.active(), { ...callers, traceFlags: 1, isRemote: true });
  const http = tracer.startSpan("HTTP POST", {}, remote);
  expect(await originWithin(http, traceparent)).toMatchObject({
    traceId: callers.traceId,
    parent: http.spanContext().spanId,
  });
});

it("that of the active span, where the caller has none", async () => {
  const http = tracer.startSpan("HTTP POST");
  expect(await originWithin(http)).toMatchObject({ parent: http.spanContext().spanId });
});

it("the caller's, where the active span is of another trace, such as that of the server's start", async () => {
  expect(await originWithin(tracer.startSpan("start"), traceparent)).toMatchObject({
    parent: callers.spanId,
  });
});

it("none, where the active span has ended", async () => {
  const start = tracer.startSpan("start");
  start.end();
  expect(await originWithin(start)).toMatchObject({ parent: undefined });
});
