import { durationMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { StatisticsSample } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { type StateName, stateNames } from "../invocations/filter.ts";
import type { Series } from "./chart-data.ts";

/** The ends of the samples, epoch seconds. */
export function times(samples: readonly StatisticsSample[]): readonly number[] {
  return samples.map(({ at }) => (at === undefined ? 0 : timestampMs(at) / 1_000));
}

/** Calls and sends per second. */
export function rates(samples: readonly StatisticsSample[]): readonly Series[] {
  return [
    { label: "calls", colour: "blue", values: samples.map((sample) => perSecond(sample, sample.calls)) },
    { label: "sends", colour: "violet", values: samples.map((sample) => perSecond(sample, sample.sends)) },
  ];
}

/** Percentiles of the time that calls took, ms. */
export function latencies(samples: readonly StatisticsSample[]): readonly Series[] {
  return [
    { label: "p50", colour: "green", values: samples.map(({ p50Ms }) => p50Ms ?? null) },
    { label: "p90", colour: "amber", values: samples.map(({ p90Ms }) => p90Ms ?? null) },
    { label: "p99", colour: "red", values: samples.map(({ p99Ms }) => p99Ms ?? null) },
  ];
}

const errorColours = ["red", "amber", "violet", "blue", "green"] as const;

/** Errors per second, by the codes that are most frequent. */
export function errors(samples: readonly StatisticsSample[]): readonly Series[] {
  const sums = new Map<string, number>();
  for (const [code, count] of samples.flatMap((sample) => Object.entries(sample.errors))) {
    sums.set(code, (sums.get(code) ?? 0) + count);
  }
  const codes = [...sums].sort(([, a], [, b]) => b - a).slice(0, errorColours.length);
  return codes.map(([code], index) => ({
    label: code,
    colour: errorColours[index] ?? "red",
    values: samples.map((sample) => perSecond(sample, sample.errors[code] ?? 0)),
  }));
}

/** How many invocations are in the states that have not ended. */
export function depths(samples: readonly StatisticsSample[]): readonly Series[] {
  const of = (state: StateName) =>
    samples.map(({ counts }) => (counts.length === 0 ? null : countIn(counts, state)));
  return [
    { label: "pending", colour: "muted", values: of("pending") },
    { label: "running", colour: "blue", values: of("running") },
    { label: "backing off", colour: "amber", values: of("backing-off") },
    { label: "scheduled", colour: "violet", values: of("scheduled") },
  ];
}

/** How late timers of the server were, ms. */
export function loopDelays(samples: readonly StatisticsSample[]): readonly Series[] {
  return [
    { label: "worst", colour: "blue", values: samples.map(({ eventLoopDelayMs }) => eventLoopDelayMs) },
  ];
}

/** How many of these are in a state. */
export function countIn(counts: StatisticsSample["counts"], state: StateName): number {
  return counts.reduce(
    (sum, { state: other, count }) => (other === stateNames[state] ? sum + Number(count) : sum),
    0,
  );
}

/** A count of a sample as a rate. */
export function perSecond({ duration }: StatisticsSample, count: number): number {
  const ms = duration === undefined ? 0 : durationMs(duration);
  return ms === 0 ? 0 : (count * 1_000) / ms;
}
