import { type EndedOutcome, type StoredOutcome, states } from "./protocol.ts";
import { first, type StatusRow } from "./sqlite/rows.ts";
import type { State } from "./transaction.ts";

/** The outcome of an invocation that has ended. */
export function endedOutcome(state: State, seq: number, expires: number): EndedOutcome | null {
  const outcome = first<StoredOutcome>(state.statements.output, seq);
  return outcome === undefined ? null : { outcome, expires };
}

/** Stores an outcome, or the error of the last attempt. */
export function putOutcome(state: State, seq: number, { code, message, body, meta }: StoredOutcome): void {
  state.statements.putOutput.run(seq, code, message, body, meta);
}

/** True for an invocation whose retention is over, collected or not. */
export function hasExpired(
  state: State,
  row: Pick<StatusRow, "expires" | "invokedBy">,
  now: number,
): boolean {
  return row.expires !== null && row.expires <= now && !isKept(state, row);
}

/**
 * True while the invocation whose handler called or sent this one has not ended: a further attempt must
 * find it, or it would run again.
 */
export function isKept({ statements }: State, { invokedBy }: Pick<StatusRow, "invokedBy">): boolean {
  const parent = invokedBy === null ? undefined : first<StatusRow>(statements.byId, invokedBy);
  return parent !== undefined && !hasEnded(parent);
}

/** True for an invocation that has its outcome. */
export function hasEnded({ state }: Pick<StatusRow, "state">): boolean {
  return state === states.succeeded || state === states.failed;
}
