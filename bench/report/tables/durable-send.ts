import { median } from "../../measure/statistics.ts";
import { formatCount, formatSpread, markdownTable, nothing } from "../format.ts";
import type { Measurement } from "../results.ts";

/** CPU time of the server for each request, and how much of it comes on top of a plain call. */
export function durableSendTable(measurements: readonly Measurement[]): string {
  const call = cpuOf(measurements, "plain call");
  return markdownTable(
    ["ours", "requests/s", "CPU µs each", "on top of a plain call, µs"],
    measurements.map(({ contender, figures: { perSecond = [], cpuMicros = [] } }) => {
      const onTop = cpuMicros.map((micros, round) => micros - (call[round] ?? Number.NaN));
      return [
        contender,
        formatCount(median(perSecond)),
        formatSpread(cpuMicros, 0),
        contender === "plain call" ? nothing : formatSpread(onTop, 0),
      ];
    }),
  );
}

function cpuOf(measurements: readonly Measurement[], contender: string): readonly number[] {
  return measurements.find((one) => one.contender === contender)?.figures.cpuMicros ?? [];
}
