import { formatDuration } from "./format.ts";

interface TimeProps {
  readonly at: Date;
  /** Epoch ms; the moment to count from. */
  readonly now: number;
}

/** A moment, as the time that has passed since, or is left. The pointer shows the moment itself. */
export function Time({ at, now }: TimeProps) {
  const ms = now - at.getTime();
  const text =
    Math.abs(ms) < 1_000 ? "now" : ms > 0 ? `${formatDuration(ms)} ago` : `in ${formatDuration(-ms)}`;
  return (
    <time dateTime={at.toISOString()} title={fullTime(at)}>
      {text}
    </time>
  );
}

/** A moment with its date, to the millisecond, in the time zone of the browser. */
export function fullTime(at: Date): string {
  const text = at.toLocaleString("sv", { dateStyle: "short", timeStyle: "medium" });
  return `${text}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}
