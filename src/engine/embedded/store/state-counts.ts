import type { StoredState } from "./protocol.ts";
import type { Statements } from "./sqlite/statements.ts";

/** Stores the number of invocations by service and state, because counting a million rows takes a second. */
export interface Tally {
  /** From or to nothing when undefined. */
  move(service: string, from: StoredState | undefined, to: StoredState | undefined): void;
  /** Writes what moved, within the transaction that moved it. */
  flush(): void;
  /** Forgets what moved, after a rollback. */
  discard(): void;
}

/** A tally that writes each changed sum once a batch. */
export function createTally(statements: Statements): Tally {
  const changes = new Map<string, number[]>();
  const add = (service: string, state: StoredState, change: number): void => {
    let byState = changes.get(service);
    if (byState === undefined) {
      byState = [0, 0, 0, 0, 0, 0, 0];
      changes.set(service, byState);
    }
    byState[state] = (byState[state] ?? 0) + change;
  };
  return {
    move: (service, from, to) => {
      if (from !== undefined) {
        add(service, from, -1);
      }
      if (to !== undefined) {
        add(service, to, 1);
      }
    },
    flush: () => {
      for (const [service, byState] of changes) {
        for (const [state, change] of byState.entries()) {
          if (change !== 0) {
            statements.addToTally.run(service, state, change);
          }
        }
      }
      changes.clear();
    },
    discard: () => changes.clear(),
  };
}
