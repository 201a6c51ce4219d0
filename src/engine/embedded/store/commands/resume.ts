import { states } from "../protocol.ts";
import { rankOf } from "../ready-queue.ts";
import { first, rows, type StatusRow } from "../sqlite/rows.ts";
import type { Transaction } from "../transaction.ts";

/** Resumes the invocations that are suspended until this one is completed. */
export function resumeWaiters(transaction: Transaction, seq: number): void {
  const { statements } = transaction.store;
  for (const { waiter } of rows<{ waiter: number }>(statements.waitersFor, { seq })) {
    resume(transaction, first<StatusRow>(statements.bySeq, { seq: waiter }));
  }
  statements.deleteWaits.run({ seq });
}

/** Makes an invocation ready again if it is suspended. */
export function resume({ store, changes, now }: Transaction, row: StatusRow | undefined): void {
  if (row?.state !== states.suspended) {
    return;
  }
  const { seq, service, position } = row;
  const rank = rankOf(store.sequence.next(), true);
  store.statements.makeReady.run({ rank, position, now, seq });
  store.stateCounts.move(service, states.suspended, states.ready);
  changes.ready.push({ seq, rank, row: undefined });
}
