/** What a watchdog looks at. */
export interface Watched {
  /** Called about as often as the watchdog's precision says. */
  check(now: number): void;
}

/** The longest time between two looks, ms. */
const maxTickMs = 1_000;

/**
 * Watches the deadlines of many requests with one timer. A deadline that hardly ever passes need not be exact, and
 * a timer for each request costs more than most handlers do. Times are counted in ticks.
 */
export class Watchdog {
  readonly #watched = new Set<Watched>();
  readonly #tickMs: number;
  #now = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `shortestMs`: the shortest of the times to watch. */
  constructor(shortestMs: number) {
    this.#tickMs = Math.max(1, Math.min(maxTickMs, Math.ceil(shortestMs / 20)));
  }

  get size(): number {
    return this.#watched.size;
  }

  /** The tick by which at least so much time has passed. */
  after(ms: number): number {
    return this.#now + Math.ceil(ms / this.#tickMs) + 1;
  }

  add(item: Watched): void {
    this.#watched.add(item);
    this.#timer ??= setInterval(() => this.#tick(), this.#tickMs).unref();
  }

  delete(item: Watched): void {
    this.#watched.delete(item);
  }

  #tick(): void {
    this.#now += 1;
    if (this.#watched.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const item of this.#watched) {
      item.check(this.#now);
    }
  }
}
