import type { Code } from "@connectrpc/connect";
import type { CancelMode } from "../../../../model/invocation.ts";
import type { IdBytes } from "../../ids/invocation-id.ts";
import { type StoredOutcome, type StoreResponse, states, type TerminateCommand } from "../protocol.ts";
import { unknownId } from "../refusals.ts";
import { first, type RunRow, rows, type StatusRow } from "../sqlite/rows.ts";
import { isCompleted, isExpired } from "../stored-outcome.ts";
import type { Transaction } from "../transaction.ts";
import { type Completing, completeInvocation } from "./complete.ts";

// Numbers, so that this thread need not load Connect for two constants.
const canceledCode = 1 satisfies Code.Canceled;
const abortedCode = 10 satisfies Code.Aborted;

/** The outcome of a cancelled invocation, in Restate's word. */
const canceled: StoredOutcome = { code: canceledCode, message: "canceled", body: null, meta: null };
const killed: StoredOutcome = { code: abortedCode, message: "killed", body: null, meta: null };

/**
 * Cancels or kills an invocation; a completed one is left as it is. A plain call is not known here, but the durable
 * calls that its handler waits for may be.
 */
export function terminate(transaction: Transaction, { id, mode }: TerminateCommand): StoreResponse {
  const { store, now } = transaction;
  const row = first<StatusRow>(store.statements.byId, { id });
  if (row === undefined || isExpired(store, row, now)) {
    terminateTree(transaction, rows<StatusRow>(store.statements.awaitedBy, { id }), mode);
    return unknownId;
  }
  terminateTree(transaction, [row], mode);
  return { kind: "done" };
}

/**
 * Completes an invocation whose cancellation was recorded while its attempt was in flight, and whose attempt brought
 * no outcome: it failed before it heard of the cancellation, or its process died.
 */
export function terminateIfCanceled(transaction: Transaction, seq: number, attempts: number): void {
  const row = first<RunRow>(transaction.store.statements.runRow, { seq });
  if (row?.canceled === 1) {
    completeCanceled(transaction, row, attempts);
  }
}

/** Completes an invocation as cancelled. `attempts` is added to the number of attempts. */
export function completeCanceled(
  transaction: Transaction,
  row: Completing & { readonly id: IdBytes },
  attempts: number,
): void {
  completeFromStore(transaction, row, canceled, attempts);
}

/**
 * Terminates invocations and, in the same transaction, all calls that their handlers wait for. Each once: an id that is
 * used again may make an invocation its own caller's caller.
 */
function terminateTree(transaction: Transaction, roots: readonly StatusRow[], mode: CancelMode): void {
  const tree = new Map(roots.filter((row) => !isCompleted(row)).map((row) => [row.seq, row]));
  for (const row of tree.values()) {
    terminateOne(transaction, row, mode);
    for (const called of rows<StatusRow>(transaction.store.statements.awaitedBy, { id: row.id })) {
      tree.set(called.seq, called);
    }
  }
}

function terminateOne(transaction: Transaction, row: StatusRow, mode: CancelMode): void {
  const { store, changes, now } = transaction;
  const isInFlight = row.state === states.ready && store.inFlight.has(row.seq);
  if (isInFlight) {
    changes.effects.push({ kind: "abort", seq: row.seq, mode });
    if (mode === "cancel") {
      // The handler completes it. If the process dies first, the mark does.
      store.statements.markCanceled.run({ now, seq: row.seq });
      return;
    }
    changes.finished.push(row.seq);
  } else {
    changes.withdrawn.push(row.seq);
  }
  completeFromStore(transaction, row, mode === "kill" ? killed : canceled, isInFlight ? 1 : 0);
}

/** Completes an invocation from the store's side: the main thread, where others may wait for it, is told. */
function completeFromStore(
  transaction: Transaction,
  row: Completing & { readonly id: IdBytes },
  outcome: StoredOutcome,
  attempts: number,
): void {
  const completed = completeInvocation(transaction, row, outcome, attempts);
  if (completed !== undefined) {
    transaction.changes.effects.push({ kind: "completed", id: row.id, completed });
  }
}
