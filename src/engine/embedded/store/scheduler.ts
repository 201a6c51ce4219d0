import type { Changes, ReadyItem } from "./changes.ts";
import { completedAwakeables } from "./commands/complete-awakeable.ts";
import { createLanes } from "./key-locks.ts";
import { type Effect, states } from "./protocol.ts";
import { createReadyQueue } from "./ready-queue.ts";
import { first, type RunRow } from "./sqlite/rows.ts";
import type { Out, State } from "./transaction.ts";
import { halves } from "./turn.ts";

/** Decides what runs now: what is ready, as far as its key and the main thread's credit allow. */
export interface Dispatcher {
  /** A plain call asks for its turn. */
  enqueue(ticket: number, service: string, key: string, position: number): void;
  /** A plain call is done or gone. */
  leave(ticket: number): void;
  /** Takes over what a transaction changed. */
  apply(changes: Changes): void;
  addCredit(change: number): void;
  /** Hands out attempts from here on no more. */
  drain(): void;
  /** Returns the work for the main thread, and the canceled invocations found that an earlier process left. */
  collect(): { readonly effects: readonly Effect[]; readonly canceled: readonly RunRow[] };
}

/** A dispatcher whose attempts that are out are kept in `out`. */
export function createDispatcher(state: State, out: Map<number, Out>, initialCredit: number): Dispatcher {
  let effects: Effect[] = [];
  let credit = initialCredit;
  let isDraining = false;
  let resumed: ReadyItem[] = [];
  const ahead = createReadyQueue(state.statements, halves.ahead);
  const rest = createReadyQueue(state.statements, halves.rest);
  const lanes = createLanes(state.statements, (ticket) => effects.push({ kind: "turn", ticket }));

  const run = (row: RunRow): void => {
    credit -= 1;
    out.set(row.seq, { service: row.service, lane: row.lane, retention: row.retention });
    effects.push({
      kind: "run",
      seq: row.seq,
      id: row.id,
      service: row.service,
      method: row.method,
      key: row.key,
      headers: row.headers,
      input: row.input,
      attempts: row.attempts,
      awakeables: completedAwakeables(state, row.seq),
    });
  };

  const handOut = (): RunRow[] => {
    const canceled: RunRow[] = [];
    while (credit > 0 && !isDraining) {
      const item = resumed.shift() ?? ahead.next() ?? rest.next();
      if (item === undefined) {
        break;
      }
      const row = item.row ?? first<RunRow>(state.statements.runRow, item.seq);
      if (row === undefined || row.state !== states.ready) {
        continue;
      }
      if (row.lane !== null && !lanes.admit(item, row.service, row.lane)) {
        continue;
      }
      if (row.canceled === 1) {
        canceled.push(row);
      } else {
        run(row);
      }
    }
    return canceled;
  };

  return {
    enqueue: lanes.enqueue,
    leave: (ticket) => {
      const parked = lanes.leave(ticket);
      if (parked !== undefined) {
        resumed.push(parked);
      }
    },
    apply: (changes) => {
      effects = effects.concat(changes.effects);
      for (const seq of changes.returned) {
        if (out.delete(seq)) {
          credit += 1;
        }
      }
      for (const item of changes.readied) {
        (item.turn < 0 ? ahead : rest).add(item);
      }
      for (const seq of changes.dropped) {
        ahead.drop(seq);
        rest.drop(seq);
        resumed = resumed.filter((item) => item.seq !== seq);
      }
      for (const change of changes.freed) {
        lanes.freed(change);
      }
    },
    addCredit: (change) => {
      credit += change;
    },
    drain: () => {
      isDraining = true;
    },
    collect: () => {
      const canceled = handOut();
      const collected = effects;
      effects = [];
      return { effects: collected, canceled };
    },
  };
}
