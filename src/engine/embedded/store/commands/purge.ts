import { deleteInvocation } from "../cleaner.ts";
import type { PurgeCommand, StoreResponse } from "../protocol.ts";
import { unknownId } from "../refusals.ts";
import { first, type StatusRow } from "../sqlite/rows.ts";
import { isCompleted, isExpired } from "../stored-outcome.ts";
import type { Transaction } from "../transaction.ts";

/** Deletes a completed invocation and its outcome. */
export function purge(transaction: Transaction, { id }: PurgeCommand): StoreResponse {
  const { store, now } = transaction;
  const row = first<StatusRow>(store.statements.byId, { id });
  if (row === undefined || isExpired(store, row, now)) {
    return unknownId;
  }
  if (!isCompleted(row)) {
    return {
      kind: "refused",
      reason: "not-completed",
      message: "is not completed: cancel or kill it first",
    };
  }
  deleteInvocation(transaction, row);
  return { kind: "done" };
}
