import type { Statistics } from "../../statistics/statistics.ts";
import { type MetricFamily, single } from "./metric-family.ts";

/** The metrics of the process, by the names that dashboards for Node know. */
export function processMetrics(statistics: Pick<Statistics, "longestDelayMs">): readonly MetricFamily[] {
  const { heapUsed, heapTotal, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const gauges: readonly (readonly [name: string, help: string, value: number])[] = [
    [
      "nodejs_eventloop_lag_max_seconds",
      "Longest delay of the event loop in the last minute",
      statistics.longestDelayMs() / 1_000,
    ],
    ["nodejs_heap_size_used_bytes", "Size of the objects on the heap of V8", heapUsed],
    ["nodejs_heap_size_total_bytes", "Size of the heap of V8", heapTotal],
    ["nodejs_external_memory_bytes", "Memory outside of the heap that belongs to objects on it", external],
    ["process_resident_memory_bytes", "Memory of the process that is in RAM", rss],
    [
      "process_start_time_seconds",
      "Start of the process, in seconds since 1970",
      performance.timeOrigin / 1_000,
    ],
  ];
  return [
    {
      name: "process_cpu_seconds",
      help: "CPU time that the process has used, in user and system mode",
      type: "counter",
      values: single((user + system) / 1e6),
    },
    ...gauges.map(
      ([name, help, value]): MetricFamily => ({ name, help, type: "gauge", values: single(value) }),
    ),
  ];
}
