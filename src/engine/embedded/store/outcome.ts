import type { EndedOutcome, StoredOutcome } from "../protocol.ts";
import { first, type StatusRow } from "./rows.ts";
import type { State } from "./state.ts";

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
export function hasExpired(row: Pick<StatusRow, "expires">, now: number): boolean {
  return row.expires !== null && row.expires <= now;
}
