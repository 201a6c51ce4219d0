import { codeToString } from "@connectrpc/connect/protocol-connect";
import type { RpcCounts } from "../../statistics/rpc-counters.ts";
import type { Statistics } from "../../statistics/statistics.ts";
import { unknownLabel } from "./method-labels.ts";
import { histogramValues, type MetricFamily } from "./metric-family.ts";

const durationName = "restate_connect_rpc_duration_seconds";

/** The metrics of the requests that the ingress port has got. */
export function serverMetrics(statistics: Pick<Statistics, "rpcs" | "refusals">): readonly MetricFamily[] {
  const rpcs = statistics.rpcs();
  return [
    {
      name: "restate_connect_rpcs",
      help: "Unary RPCs on the ingress port, by the code of their response",
      type: "counter",
      values: rpcs.flatMap((counts) =>
        [...counts.byCode].map(([code, value]) => ({
          labels: { ...labelsOf(counts), code: code === 0 ? "ok" : codeToString(code) },
          value,
        })),
      ),
    },
    {
      name: durationName,
      help: "Time from the headers of an RPC to its response, with any code",
      type: "histogram",
      values: rpcs.flatMap((counts) => histogramValues(durationName, labelsOf(counts), counts.durations)),
    },
    {
      name: "restate_connect_requests_refused",
      help: "Requests and connections that the server refused without running a handler",
      type: "counter",
      values: [...statistics.refusals()].map(([reason, value]) => ({ labels: { reason }, value })),
    },
  ];
}

function labelsOf({ method, protocol }: RpcCounts) {
  return {
    service: method?.parent.typeName ?? unknownLabel,
    method: method?.name ?? unknownLabel,
    protocol,
  };
}
