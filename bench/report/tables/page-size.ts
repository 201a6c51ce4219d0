import { formatKilobytes, markdownTable } from "../format.ts";
import type { Measurement } from "../results.ts";

/** What the page loads for its call, and all that it could load. */
export function pageSizeTable(measurements: readonly Measurement[]): string {
  return markdownTable(
    ["a page with one call", "gzip, kB", "minified, kB", "files", "gzip of all its files, kB"],
    measurements.map(({ contender, figures }) => [
      contender,
      formatKilobytes(figures.gzipBytes?.[0] ?? Number.NaN),
      formatKilobytes(figures.minifiedBytes?.[0] ?? Number.NaN),
      `${figures.files?.[0]}`,
      formatKilobytes(figures.gzipBytesOfAllFiles?.[0] ?? Number.NaN),
    ]),
  );
}
