import { first } from "./sqlite/rows.ts";
import type { BackgroundWork, StoreTimers } from "./surroundings.ts";
import type { Store } from "./transaction.ts";

/** Timers that fire when they are told: time passes in steps. */
export class SteppedTimers implements StoreTimers {
  readonly #store: Store;
  readonly #work: BackgroundWork;

  constructor(store: Store, work: BackgroundWork) {
    this.#store = store;
    this.#work = work;
  }

  start(): void {}

  afterBatch(): void {
    this.#work.maintain();
  }

  stop(): void {}

  /** When the next timer is due, epoch ms. Undefined: none is set. */
  get nextDue(): number | undefined {
    return first<{ due: number }>(this.#store.statements.nextDue)?.due;
  }

  /** Fires the timers that are due, and deletes invocations whose retention is over. */
  fire(): void {
    while (this.#work.fireTimers()) {
      // Until none is left.
    }
    while (this.#work.clean()) {
      // The same.
    }
  }
}
