import { type StoreResponse, type SuspendCommand, states } from "../protocol.ts";
import { first, type StatusRow } from "../sqlite/rows.ts";
import { isCompleted } from "../stored-outcome.ts";
import type { Transaction } from "../transaction.ts";
import { completedAwakeables } from "./complete-awakeable.ts";
import { resume } from "./resume.ts";
import { terminateIfCanceled } from "./terminate.ts";

/** After this time, ms, a suspended invocation runs again though nothing it waits for has come. */
export const suspendedMs = 60_000;

/**
 * Suspends an invocation whose attempt had to make room while it waited. It runs again once one of the things that it
 * waits for is there, which may be now. A suspended attempt does not count: its number is used again.
 */
export function suspend(
  transaction: Transaction,
  { seq, invocations, awakeables }: SuspendCommand,
): StoreResponse {
  const { store, changes, now } = transaction;
  const { statements, stateCounts } = store;
  const attempt = store.inFlight.get(seq);
  if (attempt === undefined) {
    return { kind: "done" };
  }
  changes.finished.push(seq);
  if (statements.suspend.run({ now, ms: suspendedMs, seq }).changes === 0) {
    terminateIfCanceled(transaction, seq, 0);
    return { kind: "done" };
  }
  stateCounts.move(attempt.service, states.ready, states.suspended);
  store.hasWaits = true;
  let canContinue = completedAwakeables(store, seq).some((index) => awakeables.includes(index));
  for (const id of invocations) {
    const row = first<StatusRow>(statements.byId, { id });
    if (row !== undefined && isCompleted(row)) {
      canContinue = true;
    } else if (row !== undefined) {
      statements.insertWait.run({ seq: row.seq, waiter: seq });
    }
  }
  if (canContinue) {
    resume(transaction, first<StatusRow>(statements.bySeq, { seq }));
  }
  return { kind: "done" };
}
