import type { DescService } from "@bufbuild/protobuf";
import type { Engine } from "../../../engine/engine.ts";
import { packageVersion } from "../../../package.ts";
import type { HttpRequest, HttpResponse } from "../../http/exchange.ts";
import { headerOf } from "../../http/headers.ts";
import { requestTarget } from "../../http/request-target.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import { refuseWrites } from "../refuse-writes.ts";
import { engineMetrics } from "./engine-metrics.ts";
import { engineReader } from "./engine-reader.ts";
import { methodLabels } from "./method-labels.ts";
import type { MetricFamily } from "./metric-family.ts";
import { processMetrics } from "./process-metrics.ts";
import { serverMetrics } from "./server-metrics.ts";

export interface MetricsOptions {
  readonly services: readonly DescService[];
  readonly engine: Engine;
  readonly statistics: Statistics;
}

/**
 * Answers `GET /metrics` in the text of Prometheus, or in that of OpenMetrics if `Accept` asks for it. Everything is
 * read when it is asked for. Undefined for other paths.
 */
export function metricsPath({
  services,
  engine,
  statistics,
}: MetricsOptions): (request: HttpRequest) => Promise<HttpResponse> | HttpResponse | undefined {
  const readEngine = engineReader(engine);
  const labels = methodLabels(services);

  async function scrape(accept: string): Promise<HttpResponse> {
    const families = [
      infoMetric(engine),
      ...serverMetrics(statistics),
      ...engineMetrics(await readEngine(), labels),
      ...processMetrics(statistics),
    ];
    const { metricText } = await import("./metric-text.ts"); // with prom-client, which nothing else needs
    const { contentType, text } = await metricText(families, wantedFormat(accept));
    const body = Buffer.from(text);
    return {
      status: 200,
      headers: [
        ["content-type", contentType],
        ["cache-control", "no-store"],
        ["vary", "accept"],
        ["content-length", String(body.byteLength)],
      ],
      body,
    };
  }

  return (request) => {
    const { path } = requestTarget(request.url);
    return path === "/metrics"
      ? (refuseWrites(request, path) ?? scrape(headerOf(request.headers, "accept") ?? ""))
      : undefined;
  };
}

function infoMetric({ name }: Engine): MetricFamily {
  return {
    name: "restate_connect_build_info",
    help: "Version of restate-connect and name of the engine; the value is always 1",
    type: "gauge",
    values: [{ labels: { version: packageVersion(), engine: name }, value: 1 }],
  };
}

/** Prometheus names OpenMetrics first where it takes it. */
function wantedFormat(accept: string): "prometheus" | "openmetrics" {
  return /application\/openmetrics-text(?!\S*;q=0(\.0+)?(,|$))/.test(accept) ? "openmetrics" : "prometheus";
}
