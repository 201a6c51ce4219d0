import { states } from "../protocol.ts";
import { first, rows, type StatusRow } from "../sqlite/rows.ts";
import type { State } from "../transaction.ts";
import { nextTurn } from "../turn.ts";

/** Lets those run again that are suspended until this invocation has ended. */
export function resumeWaiters(state: State, seq: number, now: number): void {
  const { statements } = state;
  for (const waiter of rows<{ seq: number }>(statements.waitersFor, seq)) {
    resume(state, first<StatusRow>(statements.bySeq, waiter.seq), now);
  }
  statements.deleteWaits.run(seq);
}

/** Lets an invocation run again if it is suspended. */
export function resume(state: State, row: StatusRow | undefined, now: number): void {
  const { statements, counter, tally, changes } = state;
  if (row?.state !== states.suspended) {
    return;
  }
  const turn = nextTurn(counter, true);
  statements.makeReady.run(turn, row.position, now, row.seq);
  tally.move(row.service, states.suspended, states.ready);
  changes.readied.push({ seq: row.seq, turn, row: undefined });
}
