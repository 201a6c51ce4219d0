/** A length of time: the sum of its parts. */
export interface Duration {
  /** Of 24 hours. */
  readonly days?: number | undefined;
  /** Of 60 minutes. */
  readonly hours?: number | undefined;
  /** Of 60 seconds. */
  readonly minutes?: number | undefined;
  /** Of 1,000 ms. */
  readonly seconds?: number | undefined;
  /** As numbers are in. */
  readonly milliseconds?: number | undefined;
}

const unitMs = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
} as const satisfies Record<keyof Duration, number>;

/**
 * A length of time in ms.
 *
 * @throws RangeError that names a part which is unknown, negative or not finite
 */
export function durationMs(duration: number | Duration): number {
  const parts: readonly (readonly [string, unknown])[] =
    typeof duration === "number" ? [["milliseconds", duration]] : Object.entries(duration);
  let sum = 0;
  for (const [unit, count = 0] of parts) {
    const ms = unitMs[unit as keyof Duration] as number | undefined;
    if (ms === undefined) {
      throw new RangeError(`advance() knows no ${unit}: give ${Object.keys(unitMs).join(", ")}`);
    }
    if (typeof count !== "number" || !(count >= 0 && count < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`advance() was given ${String(count)} ${unit}: give a finite number, 0 or more`);
    }
    sum += count * ms;
  }
  return sum;
}
