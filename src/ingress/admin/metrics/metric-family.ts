import type { DurationCounts } from "../../../model/duration-counts.ts";

/** A metric with its values, in the form in which prom-client exchanges metrics between processes. */
export interface MetricFamily {
  /** Without `_total`, which the text has after the names of counters. */
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly values: readonly MetricValue[];
}

export interface MetricValue {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where it is not the name of the family: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly metricName?: string;
}

/** The only value of a metric without labels. */
export function single(value: number): readonly MetricValue[] {
  return [{ labels: {}, value }];
}

/** The values of a histogram in seconds. */
export function histogramValues(
  name: string,
  labels: MetricValue["labels"],
  { boundsMs, counts, sumMs }: DurationCounts,
): readonly MetricValue[] {
  let count = 0;
  const buckets = counts.map((inBucket, index): MetricValue => {
    count += inBucket;
    const boundMs = boundsMs[index];
    const le = boundMs === undefined ? "+Inf" : String(boundMs / 1_000);
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumMs / 1_000 },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
