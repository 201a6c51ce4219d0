import { momentAfter } from "../time.ts";
import { rows, type StatusRow } from "./sqlite/rows.ts";
import { isKept } from "./stored-outcome.ts";
import type { State } from "./transaction.ts";

/** Deletes an ended invocation and all that belongs to it. */
export function forget(state: State, { seq, service, state: from }: StatusRow): void {
  const { statements, tally } = state;
  statements.deleteInvocation.run(seq);
  statements.deleteInput.run(seq);
  statements.deleteOutput.run(seq);
  tally.move(service, from, undefined);
}

/** The least time by which the retention of one that must be kept is prolonged, ms. */
const prolongMs = 60_000;

/**
 * Forgets at most `limit` invocations whose retention is over, or looks at them again later where their
 * parents may still ask for them; gives how many.
 */
export function forgetExpired(state: State, now: number, limit: number): number {
  const expired = rows<StatusRow>(state.statements.expired, now, limit);
  for (const row of expired) {
    if (isKept(state, row)) {
      const age = now - row.modified;
      state.statements.keep.run(momentAfter(now, Math.max(age, prolongMs)), row.seq);
    } else {
      forget(state, row);
    }
  }
  return expired.length;
}
