import type { EngineStatistics, InvocationCount } from "../../../engine/engine.ts";
import type { EngineReading } from "./engine-reader.ts";
import type { MethodLabels } from "./method-labels.ts";
import { histogramValues, type MetricFamily, type MetricValue, single } from "./metric-family.ts";

/** The metrics of an engine. What it does not know is left out; everything but `engine_up`, if it does not answer. */
export function engineMetrics(
  reading: EngineReading | undefined,
  labels: MethodLabels,
): readonly MetricFamily[] {
  const up: MetricFamily = {
    name: "restate_connect_engine_up",
    help: "1 if the engine answered the scrape, otherwise 0",
    type: "gauge",
    values: single(reading === undefined ? 0 : 1),
  };
  return reading === undefined
    ? [up]
    : [
        up,
        ...queueMetrics(reading, labels),
        ...attemptMetrics(reading.statistics, labels),
        ...storeMetrics(reading.statistics),
      ];
}

function queueMetrics({ counts, statistics }: EngineReading, labels: MethodLabels): readonly MetricFamily[] {
  const { waitingCalls, oldestPendingAt, longestQueue, unknown } = statistics;
  const pending = counts.filter(({ state }) => state === "pending");
  return [
    {
      name: "restate_connect_invocations",
      help: "Invocations by state, those included that have ended and are still kept",
      type: "gauge",
      values: invocationValues(counts, labels),
    },
    {
      name: "restate_connect_queue_depth",
      help: "Invocations that wait for their turn: durable ones, and plain calls in memory",
      type: "gauge",
      values: [
        { labels: { queue: "durable" }, value: sum(pending.map(({ count }) => count)) },
        ...(waitingCalls === undefined ? [] : [{ labels: { queue: "plain" }, value: waitingCalls }]),
      ],
    },
    {
      name: "restate_connect_oldest_pending_seconds",
      help: "Age of the oldest invocation that waits for its turn; 0 if none waits",
      type: "gauge",
      values: unknown.includes("oldest_pending_at")
        ? []
        : single(
            oldestPendingAt === undefined ? 0 : Math.max(0, Date.now() - oldestPendingAt.getTime()) / 1_000,
          ),
    },
    {
      name: "restate_connect_longest_key_queue",
      help: "Invocations that wait behind the key with the longest queue",
      type: "gauge",
      values: unknown.includes("longest_queue") ? [] : single(longestQueue?.length ?? 0),
    },
  ];
}

function attemptMetrics({ attempts }: EngineStatistics, labels: MethodLabels): readonly MetricFamily[] {
  if (attempts === undefined) {
    return [];
  }
  const values = (count: "started" | "retried") =>
    summed(
      attempts.map((each) => ({
        labels: labels.methodLabels(each.service, each.method),
        value: each[count],
      })),
    );
  return [
    {
      name: "restate_connect_attempts",
      help: "Attempts of durable invocations that were started",
      type: "counter",
      values: values("started"),
    },
    {
      name: "restate_connect_retries",
      help: "Attempts of durable invocations that failed and are repeated",
      type: "counter",
      values: values("retried"),
    },
  ];
}

function storeMetrics({ storeBytes, commits }: EngineStatistics): readonly MetricFamily[] {
  const commitName = "restate_connect_store_commit_duration_seconds";
  return [
    ...(storeBytes === undefined
      ? []
      : [
          {
            name: "restate_connect_store_bytes",
            help: "Size of the store",
            type: "gauge" as const,
            values: single(storeBytes),
          },
        ]),
    ...(commits === undefined
      ? []
      : [
          {
            name: commitName,
            help: "Time of a commit of the store, flush to the disk included",
            type: "histogram" as const,
            values: histogramValues(commitName, {}, commits),
          },
        ]),
  ];
}

function invocationValues(counts: readonly InvocationCount[], { serviceLabel }: MethodLabels) {
  return summed(
    counts.map(({ service, state, count }) => ({
      labels: { service: serviceLabel(service), state },
      value: count,
    })),
  );
}

/** One value for each set of labels: all that is unknown has the same. */
function summed(values: readonly MetricValue[]): readonly MetricValue[] {
  const byLabels = Map.groupBy(values, ({ labels }) => JSON.stringify(labels));
  return [...byLabels.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, value: sum(same.map(({ value }) => value)) }];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
