import { median, medianRatio } from "../../measure/statistics.ts";
import { formatExact, formatRatio, formatSpread, markdownTable } from "../format.ts";
import { figure, type Measurement } from "../results.ts";

/** How long a process of each plugin takes. */
export function generatorTable(measurements: readonly Measurement[]): string {
  return markdownTable(
    ["protos", "plugin", "files", "kB", "s", "of protoc-gen-es"],
    measurements.map(({ work, contender, figures: { seconds = [], files = [], kilobytes = [] } }) => [
      work,
      contender,
      formatExact(median(files)),
      formatExact(Math.round(median(kilobytes))),
      formatSpread(seconds, 2),
      formatRatio(medianRatio(seconds, figure(measurements, work, "protoc-gen-es", "seconds"))),
    ]),
  );
}
