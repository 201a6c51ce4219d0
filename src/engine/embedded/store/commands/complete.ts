import { momentAfter } from "../../time.ts";
import {
  type CompleteCommand,
  type CompletedOutcome,
  type StoredOutcome,
  type StoreResponse,
  states,
} from "../protocol.ts";
import { rankOf } from "../ready-queue.ts";
import { first, type StatusRow } from "../sqlite/rows.ts";
import { putOutcome } from "../stored-outcome.ts";
import type { Transaction } from "../transaction.ts";
import { resumeWaiters } from "./resume.ts";

/** An invocation as its completion needs it. */
export type Completing = Pick<StatusRow, "seq" | "service" | "lockKey" | "state" | "retention">;

/** Completes an invocation with the outcome of its last attempt. Too late if it was killed: then nothing happens. */
export function complete(transaction: Transaction, { seq, outcome }: CompleteCommand): StoreResponse {
  const attempt = transaction.store.inFlight.get(seq);
  if (attempt === undefined) {
    return { kind: "completed", expires: null };
  }
  const completed = completeInvocation(transaction, { ...attempt, seq, state: states.ready }, outcome, 1);
  transaction.changes.finished.push(seq);
  return { kind: "completed", expires: completed?.expires ?? null };
}

/**
 * Stores an outcome and releases the lock of the key. Undefined if the invocation was completed before. `attempts` is
 * added to the number of attempts.
 */
export function completeInvocation(
  transaction: Transaction,
  { seq, service, lockKey, state: from, retention }: Completing,
  outcome: StoredOutcome,
  attempts: number,
): CompletedOutcome | undefined {
  const { store, now } = transaction;
  const { statements, stateCounts, options } = store;
  const state = outcome.code === 0 ? states.succeeded : states.failed;
  const expires = momentAfter(now, retention ?? options.retentionMs);
  if (statements.complete.run({ state, attempts, now, expires, seq }).changes === 0) {
    return undefined;
  }
  putOutcome(store, seq, outcome);
  stateCounts.move(service, from, state);
  if (store.hasAwakeables) {
    statements.deleteAwakeables.run({ seq });
  }
  if (store.hasWaits) {
    resumeWaiters(transaction, seq);
  }
  if (lockKey !== null && from !== states.scheduled && from !== states.inboxed) {
    releaseLock(transaction, seq, service, lockKey);
  }
  return { outcome, expires };
}

/** Makes the next invocation in the inbox of the key ready. */
function releaseLock({ store, changes, now }: Transaction, seq: number, service: string, key: string): void {
  const { statements, sequence, stateCounts } = store;
  const next = first<{ seq: number; position: number; awaited: number }>(statements.nextInboxed, {
    service,
    key,
  });
  if (next !== undefined) {
    const rank = rankOf(sequence.next(), next.awaited === 1);
    statements.makeReady.run({ rank, position: next.position, now, seq: next.seq });
    stateCounts.move(service, states.inboxed, states.ready);
    changes.ready.push({ seq: next.seq, rank, row: undefined });
  }
  changes.releasedLocks.push({ seq, service, key, nextPosition: next?.position });
}
