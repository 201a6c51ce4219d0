import { states } from "./protocol.ts";
import { rows, type StatusRow } from "./sqlite/rows.ts";
import type { State } from "./transaction.ts";
import { turnAt } from "./turn.ts";

/**
 * Moves on at most `limit` invocations whose time has come; gives how many. A delayed one joins the queue
 * of its key now: its place there is that of its due time. One that backed off or is suspended still has its
 * place.
 */
export function wakeDue(state: State, now: number, limit: number): number {
  const due = rows<StatusRow>(state.statements.dueNow, now, limit);
  for (const row of due) {
    wake(state, row, now);
  }
  return due.length;
}

function wake(state: State, row: StatusRow, now: number): void {
  const { statements, counter, tally, changes } = state;
  const { seq, service, lane } = row;
  const number = counter.next();
  const mustQueue =
    row.state === states.scheduled && lane !== null && statements.head.get(service, lane) !== undefined;
  if (mustQueue) {
    statements.makeQueued.run(number, now, seq);
    tally.move(service, row.state, states.queued);
    return;
  }
  const position = lane === null ? null : (row.position ?? number);
  const turn = turnAt(number, row.awaited === 1);
  statements.makeReady.run(turn, position, now, seq);
  tally.move(service, row.state, states.ready);
  changes.readied.push({ seq, turn, row: undefined });
}
