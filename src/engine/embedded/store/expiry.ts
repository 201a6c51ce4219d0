import { rows, type StatusRow } from "./rows.ts";
import type { State } from "./state.ts";

/** Deletes an ended invocation and all that belongs to it. */
export function forget(state: State, { seq, service, state: from }: StatusRow): void {
  const { statements, tally } = state;
  statements.deleteInvocation.run(seq);
  statements.deleteInput.run(seq);
  statements.deleteOutput.run(seq);
  tally.move(service, from, undefined);
}

/** Forgets at most `limit` invocations whose retention is over; gives how many. */
export function forgetExpired(state: State, now: number, limit: number): number {
  const expired = rows<StatusRow>(state.statements.expired, now, limit);
  for (const row of expired) {
    forget(state, row);
  }
  return expired.length;
}
