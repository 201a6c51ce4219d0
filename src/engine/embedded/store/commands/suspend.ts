import { states, type WriteCommand } from "../protocol.ts";
import { first, type StatusRow } from "../sqlite/rows.ts";
import { hasEnded } from "../stored-outcome.ts";
import type { State } from "../transaction.ts";
import { completedAwakeables } from "./complete-awakeable.ts";
import { resume } from "./resume.ts";

/** After this time, ms, one that is suspended runs again though nothing it waits for has come. */
export const suspendedMs = 60_000;

/**
 * Puts off an invocation whose attempt had to make room while it waited. It runs again once one of the
 * things that it waits for is there, which may be now. False when it is cancelled, or no longer there.
 */
export function suspend(
  state: State,
  { seq, invocations, awakeables }: WriteCommand & { readonly op: "suspend" },
  service: string,
  now: number,
): boolean {
  const { statements, tally } = state;
  if (statements.suspend.run(now, suspendedMs, seq).changes === 0) {
    return false;
  }
  tally.move(service, states.ready, states.suspended);
  state.anyWait = true;
  const completed = completedAwakeables(state, seq);
  let isThere = completed.some(({ position }) => awakeables.includes(position));
  for (const id of invocations) {
    const row = first<StatusRow>(statements.byId, id);
    if (row !== undefined && hasEnded(row)) {
      isThere = true;
    } else if (row !== undefined) {
      statements.insertWait.run(row.seq, seq);
    }
  }
  if (isThere) {
    resume(state, first<StatusRow>(statements.bySeq, seq), now);
  }
  return true;
}
