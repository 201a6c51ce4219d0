import { NodeSDK } from "@opentelemetry/sdk-node";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import { until } from "./until.ts";

/** The spans that have ended in this process. */
export interface RecordedSpans {
  /** All of them. */
  all(): readonly ReadableSpan[];
  /** The spans with this name, once there are as many. */
  named(name: string, count?: number): Promise<readonly ReadableSpan[]>;
  clear(): void;
}

/** Registers the SDK of OpenTelemetry, as an application does, and keeps the spans in memory. */
export function recordSpans(): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  new NodeSDK({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
    logRecordProcessors: [],
    metricReaders: [],
    instrumentations: [],
    autoDetectResources: false,
  }).start();
  const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
  return {
    all: () => exporter.getFinishedSpans(),
    async named(name, count = 1) {
      await until(() => named(name).length >= count);
      return named(name);
    },
    clear: () => exporter.reset(),
  };
}

/** The trace and the parent of a span, and the spans that it links to. */
export function origin(span: ReadableSpan | undefined) {
  return {
    traceId: span?.spanContext().traceId,
    parent: span?.parentSpanContext?.spanId,
    links: span?.links.map((link) => `${link.context.traceId} ${link.context.spanId}`),
  };
}
