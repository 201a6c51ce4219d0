import { propagation, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { clientTracing } from "restate-connect/opentelemetry";
import { createTransport, type WebTransportOptions } from "restate-connect/web";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(
  new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
);
propagation.setGlobalPropagator(new W3CTraceContextPropagator());

/** Where to, as plain data: it travels into the browser as JSON. */
export type To = Pick<WebTransportOptions, "baseUrl" | "protocol">;

/** A span of the page. */
export interface PageSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
}

const actions = {
  /** Calls the greeter, and returns the spans that this makes in the page. */
  async greet(to: To, name: string): Promise<readonly PageSpan[]> {
    await greeter(to).greet({ name });
    return takeSpans();
  },

  /** Sends a greeting, and returns the spans that this makes in the page. */
  async send(to: To, name: string): Promise<readonly PageSpan[]> {
    await greeter(to).send.greet({ name });
    return takeSpans();
  },
};

function greeter(to: To) {
  return createGreeterClient(createTransport({ ...to, interceptors: [clientTracing()] }));
}

function takeSpans(): readonly PageSpan[] {
  const spans = exporter.getFinishedSpans().map((span) => ({ name: span.name, ...span.spanContext() }));
  exporter.reset();
  return spans;
}

declare global {
  var traced: typeof actions;
}

globalThis.traced = actions;
