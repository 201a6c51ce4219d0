import type { StoredState } from "./protocol.ts";
import type { Statements } from "./sqlite/statements.ts";

/** The number of invocations by service and state, kept in a table: counting a million rows takes a second. */
export class StateCounts {
  readonly #statements: Statements;
  /** Differences of the open transaction, by service and state. */
  readonly #changes = new Map<string, number[]>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Counts an invocation that changes its state. From or to undefined: it is new, or deleted. */
  move(service: string, from: StoredState | undefined, to: StoredState | undefined): void {
    if (from !== undefined) {
      this.#add(service, from, -1);
    }
    if (to !== undefined) {
      this.#add(service, to, 1);
    }
  }

  /** Writes the differences, within the transaction that made them: each sum once. */
  write(): void {
    for (const [service, byState] of this.#changes) {
      for (const [state, change] of byState.entries()) {
        if (change !== 0) {
          this.#statements.addToStateCount.run({ service, state, change });
        }
      }
    }
    this.#changes.clear();
  }

  /** Drops the differences after a rollback. */
  discard(): void {
    this.#changes.clear();
  }

  #add(service: string, state: StoredState, change: number): void {
    let byState = this.#changes.get(service);
    if (byState === undefined) {
      byState = [0, 0, 0, 0, 0, 0, 0];
      this.#changes.set(service, byState);
    }
    byState[state] = (byState[state] ?? 0) + change;
  }
}
