import { type RetryCommand, type StoredOutcome, type StoreResponse, states } from "../protocol.ts";
import { putOutcome } from "../stored-outcome.ts";
import type { Store, Transaction } from "../transaction.ts";
import { terminateIfCanceled } from "./terminate.ts";

/** How many failed attempts of an invocation are kept for people to see, the last ones. */
const keptFailures = 20;

/** Lets a failed attempt be followed by another one, unless it was cancelled meanwhile. The invocation keeps its lock. */
export function retry(transaction: Transaction, { seq, due, error }: RetryCommand): StoreResponse {
  const { store, changes, now } = transaction;
  const attempt = store.inFlight.get(seq);
  if (attempt === undefined) {
    return { kind: "done" };
  }
  changes.finished.push(seq);
  if (store.statements.backOff.run({ due, now, seq }).changes === 1) {
    putOutcome(store, seq, error);
    recordFailedAttempt(store, seq, error, now);
    store.stateCounts.move(attempt.service, states.ready, states.backingOff);
  } else {
    terminateIfCanceled(transaction, seq, 1);
  }
  return { kind: "done" };
}

function recordFailedAttempt(store: Store, seq: number, { code, message }: StoredOutcome, now: number): void {
  const { statements } = store;
  statements.insertFailedAttempt.run({ seq, now, code, message });
  statements.trimFailedAttempts.run({ seq, kept: keptFailures });
  store.hasFailedAttempts = true;
}
