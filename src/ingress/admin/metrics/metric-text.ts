import { AggregatorRegistry, Registry } from "prom-client";
import type { MetricFamily } from "./metric-family.ts";

/** What a scraper gets. */
export interface MetricText {
  readonly contentType: string;
  readonly text: string;
}

/** Writes metrics in the format of Prometheus or OpenMetrics. */
export async function metricText(
  families: readonly MetricFamily[],
  format: "prometheus" | "openmetrics",
): Promise<MetricText> {
  const isOpenMetrics = format === "openmetrics";
  // prom-client puts `_total` behind the names of counters in OpenMetrics only.
  const named = families.map((family) => ({
    ...family,
    name: family.type === "counter" && !isOpenMetrics ? `${family.name}_total` : family.name,
    aggregator: "first",
  }));
  const registry = AggregatorRegistry.aggregate([named]);
  registry.setContentType(
    isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE,
  );
  return { contentType: registry.contentType, text: await registry.metrics() };
}
