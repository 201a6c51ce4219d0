import { UsageError } from "./usage-error.ts";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a duration as people write it: `1500` or `1500ms`, `10s`, `5m`, `2h`, `1d`. Milliseconds.
 *
 * @throws UsageError naming the option.
 */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text);
  const unit = unitMs[match?.[2] ?? "ms"];
  if (match === null || unit === undefined) {
    throw new UsageError(`${option} ${JSON.stringify(text)} is no duration: write 1500ms, 10s, 5m, 2h or 1d`);
  }
  return Math.ceil(Number(match[1]) * unit);
}
