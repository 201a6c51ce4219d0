/** How many durations fell into each bucket. */
export interface DurationCounts {
  /** The longest duration of each bucket, ms, ascending. Longer ones are in one more bucket. */
  readonly boundsMs: readonly number[];
  /** The number of durations in each bucket: one more entry than there are bounds. */
  readonly counts: readonly number[];
  /** The sum of all durations, ms. */
  readonly sumMs: number;
}

/** Counts durations in buckets with these upper ends, ms, ascending. */
export class DurationCounter {
  readonly #boundsMs: readonly number[];
  readonly #counts: Float64Array;
  #sumMs = 0;

  constructor(boundsMs: readonly number[]) {
    this.#boundsMs = boundsMs;
    this.#counts = new Float64Array(boundsMs.length + 1);
  }

  add(ms: number): void {
    const bounds = this.#boundsMs;
    let bucket = 0;
    while (bucket < bounds.length && ms > (bounds[bucket] ?? 0)) {
      bucket += 1;
    }
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumMs += ms;
  }

  /** A copy of the counts. */
  read(): DurationCounts {
    return { boundsMs: this.#boundsMs, counts: [...this.#counts], sumMs: this.#sumMs };
  }
}
