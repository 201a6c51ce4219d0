import { formatRatio, formatSpread, markdownTable, nothing } from "../format.ts";
import { coldImportRatio } from "../ratios.ts";
import type { Measurement } from "../results.ts";

/** How long a process takes that imports an entry point and ends. */
export function coldImportTable(measurements: readonly Measurement[]): string {
  return markdownTable(
    ["import", "ms", "CPU ms", "of connect-node's, bare Node taken off both"],
    measurements.map(({ contender, figures: { milliseconds = [], cpuMilliseconds = [] } }) => [
      contender,
      formatSpread(milliseconds, 0),
      formatSpread(cpuMilliseconds, 0),
      contender === "bare Node" ? nothing : formatRatio(coldImportRatio(measurements, contender)),
    ]),
  );
}
