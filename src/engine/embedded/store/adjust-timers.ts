import { rows } from "./sqlite/rows.ts";
import type { Transaction } from "./transaction.ts";

/** A place among the timers, by due time. */
export interface TimerCursor {
  readonly due: number;
  readonly seq: number;
}

interface Timer extends TimerCursor {
  /** The time from the moment at which `due` was set. */
  readonly dueIn: number;
}

/** Before all timers. */
export const firstTimer: TimerCursor = { due: 0, seq: 0 };

/**
 * Looks at most at `limit` timers after `cursor`. A timer that is further off than it was when it was set is one whose
 * clock was set back since: it is due after its own interval from now. Returns the cursor of the next page, or
 * undefined at the end.
 */
export function adjustTimers(
  { store, now }: Transaction,
  cursor: TimerCursor,
  limit: number,
): TimerCursor | undefined {
  const page = rows<Timer>(store.statements.dueAfter, { due: cursor.due, seq: cursor.seq, limit });
  for (const { seq, due, dueIn } of page) {
    if (due > now + dueIn) {
      store.statements.setDue.run({ due: now + dueIn, seq });
    }
  }
  return page.length === limit ? page.at(-1) : undefined;
}
