import { momentAfter } from "../time.ts";
import { rows, type StatusRow } from "./sqlite/rows.ts";
import { isNeeded } from "./stored-outcome.ts";
import type { Transaction } from "./transaction.ts";

/** The least time by which the retention of an invocation that is still needed is extended, ms. */
const extensionMs = 60_000;

/** Deletes a completed invocation and all that belongs to it. */
export function deleteInvocation(
  { store }: Transaction,
  { seq, service, state }: Pick<StatusRow, "seq" | "service" | "state">,
): void {
  const { statements, stateCounts } = store;
  statements.deleteInvocation.run({ seq });
  statements.deleteInput.run({ seq });
  statements.deleteOutput.run({ seq });
  if (store.hasFailedAttempts) {
    statements.deleteFailedAttempts.run({ seq });
  }
  stateCounts.move(service, state, undefined);
}

/**
 * Deletes at most `limit` invocations whose retention is over. Extends the retention where a parent may still ask for
 * them. Returns their number.
 */
export function deleteExpired(transaction: Transaction, limit: number): number {
  const { store, now } = transaction;
  const expired = rows<StatusRow>(store.statements.expired, { now, limit });
  for (const row of expired) {
    if (isNeeded(store, row)) {
      const age = now - row.modified;
      store.statements.extendRetention.run({
        expires: momentAfter(now, Math.max(age, extensionMs)),
        seq: row.seq,
      });
    } else {
      deleteInvocation(transaction, row);
    }
  }
  return expired.length;
}
