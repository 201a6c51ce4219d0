import { median } from "../measure/statistics.ts";

/** What stands where nothing was measured. */
export const nothing = "–";

/** 38,200. Three digits that count, since the rest is noise. */
export function formatCount(number: number): string {
  if (Number.isNaN(number)) {
    return nothing;
  }
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(number) || 1)) - 2);
  return (Math.round(number / unit) * unit).toLocaleString("en-US");
}

/** 7,208: every digit. */
export function formatExact(number: number): string {
  return Number.isNaN(number) ? nothing : number.toLocaleString("en-US");
}

/** The median, and the extremes in brackets: "25 (24–27)". */
export function formatSpread(values: readonly number[], digits: number): string {
  if (values.length === 0) {
    return nothing;
  }
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return least === most ? `${middle}` : `${middle} (${least}–${most})`;
}

/** "2.4×", or nothing where one of the two was not measured. */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? `${ratio.toFixed(2)}×` : nothing;
}

/** Bytes as kB of 1,000, with a digit: "33.4". */
export function formatKilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}

/** A Markdown table whose columns are as wide as their longest cell. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((_, column) =>
    Math.max(3, ...[heading, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [heading, rule, ...rows].map(line).join("\n");
}
