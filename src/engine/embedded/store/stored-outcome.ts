import { type CompletedOutcome, type StoredOutcome, states } from "./protocol.ts";
import { first, type StatusRow } from "./sqlite/rows.ts";
import type { Store } from "./transaction.ts";

/** Loads the outcome of a completed invocation. */
export function loadOutcome({ statements }: Store, seq: number, expires: number): CompletedOutcome | null {
  const outcome = first<StoredOutcome>(statements.output, { seq });
  return outcome === undefined ? null : { outcome, expires };
}

/** Stores an outcome, or the error of the last attempt. */
export function putOutcome({ statements }: Store, seq: number, outcome: StoredOutcome): void {
  const { code, message, body, meta } = outcome;
  statements.putOutput.run({ seq, code, message, body, meta });
}

/** True for an invocation whose retention is over, whether it was deleted or not. */
export function isExpired(store: Store, row: Pick<StatusRow, "expires" | "invokedBy">, now: number): boolean {
  return row.expires !== null && row.expires <= now && !isNeeded(store, row);
}

/**
 * True while the invocation whose handler called or sent this one is not completed: its next attempt must find this
 * one, or would run it again.
 */
export function isNeeded({ statements }: Store, { invokedBy }: Pick<StatusRow, "invokedBy">): boolean {
  const parent = invokedBy === null ? undefined : first<StatusRow>(statements.byId, { id: invokedBy });
  return parent !== undefined && !isCompleted(parent);
}

/** True for an invocation that has its outcome. */
export function isCompleted({ state }: Pick<StatusRow, "state">): boolean {
  return state >= states.succeeded;
}
