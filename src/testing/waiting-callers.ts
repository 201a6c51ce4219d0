import type { SteppedEngine } from "../engine/embedded/stepped-engine.ts";
import type { Logger } from "../model/logger.ts";

/** How long a caller waits, in real time, before the log says what it may be waiting for, ms. */
const patienceMs = 2_000;

/** The callers that wait for an outcome. One that waits for time to pass would wait until the test runner gives up. */
export class WaitingCallers {
  readonly #engine: SteppedEngine;
  readonly #logger: Logger;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: SteppedEngine, logger: Logger) {
    this.#engine = engine;
    this.#logger = logger;
  }

  get count(): number {
    return this.#count;
  }

  /** One more waits, or one less. */
  add(change: 1 | -1): void {
    this.#count += change;
    if (this.#count === 0) {
      this.forget();
    } else {
      this.#timer ??= setTimeout(() => this.#explain(), patienceMs);
    }
  }

  /** Explains nothing from now on. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #explain(): void {
    const due = this.#engine.nextDue();
    if (due !== undefined && this.#engine.isIdle()) {
      this.#logger.warn(
        `a caller has waited for ${patienceMs / 1_000} s, and the time of the test environment stands still: the next ` +
          `delayed send or retry is due at ${new Date(due).toISOString()}. Let time pass: await env.advance(…)`,
      );
    }
  }
}
