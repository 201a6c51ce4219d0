/** Bounds the handlers at work: at most `limit` at once, first come, first served. */
export class Semaphore {
  readonly #limit: number;
  readonly #queue = new Set<{ readonly job: () => void }>();
  #acquired = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Runs `job` at once if a permit is free, otherwise as soon as there is one. Returns a function that leaves the queue,
   * or undefined if the job has run.
   */
  acquire(job: () => void): (() => void) | undefined {
    if (this.isFree()) {
      this.#acquired += 1;
      job();
      return undefined;
    }
    const entry = { job };
    this.#queue.add(entry);
    return () => this.#queue.delete(entry);
  }

  /** Returns a permit, for good or while its handler waits for something. */
  release(): void {
    this.#acquired -= 1;
    for (const entry of this.#queue) {
      if (this.#acquired >= this.#limit) {
        return;
      }
      this.#queue.delete(entry);
      this.#acquired += 1;
      entry.job();
    }
  }

  /** Takes a permit back after a wait, even if none is free: the handler continues in any case. */
  reacquire(): void {
    this.#acquired += 1;
  }

  /** True if no handler is at work. */
  get isUnused(): boolean {
    return this.#acquired === 0;
  }

  /** True if a job would run at once. */
  isFree(): boolean {
    return this.#acquired < this.#limit && this.#queue.size === 0;
  }
}
