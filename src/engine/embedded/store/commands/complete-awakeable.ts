import type { CompleteAwakeableCommand, StoreResponse } from "../protocol.ts";
import { refusalIfFull } from "../refusals.ts";
import { first, rows, type StatusRow } from "../sqlite/rows.ts";
import { isCompleted } from "../stored-outcome.ts";
import type { Store, Transaction } from "../transaction.ts";
import { resume } from "./resume.ts";

/** How far beyond the size of the store values of awakeables are taken: so that the handlers that wait can complete. */
const reserveFactor = 1.125;

/**
 * Completes an awakeable, before or after the handler asks for it. The first completion wins. A completion for an
 * invocation that is unknown or completed is accepted and has no effect, as with Restate.
 */
export function completeAwakeable(
  transaction: Transaction,
  { id, index, completion }: CompleteAwakeableCommand,
): StoreResponse {
  const { store, changes } = transaction;
  const { statements, options } = store;
  const row = first<StatusRow>(statements.byId, { id });
  if (row === undefined || isCompleted(row)) {
    return { kind: "done" };
  }
  const { seq } = row;
  const { kind, body } = completion;
  const used = first<{ count: number; bytes: number }>(statements.awakeableUsage, { seq });
  if (used !== undefined && !isCompletedAwakeable(store, seq, index)) {
    if (used.count >= options.maxAwakeables || used.bytes + body.length > options.maxAwakeableBytes) {
      return tooManyAwakeables(options.maxAwakeables, options.maxAwakeableBytes);
    }
    const refused = refusalIfFull(store, options.maxStoreBytes * reserveFactor);
    if (refused !== undefined) {
      return refused;
    }
    statements.insertAwakeable.run({ seq, index, kind, body });
    statements.countAwakeable.run({ seq, bytes: body.length });
    store.usedBytes += body.length;
    store.hasAwakeables = true;
    changes.effects.push({ kind: "awakeable-completed", seq, index });
    resume(transaction, row);
  }
  return { kind: "done" };
}

/** The indexes of an invocation's completed awakeables. */
export function completedAwakeables({ statements, hasAwakeables }: Store, seq: number): readonly number[] {
  return hasAwakeables
    ? rows<{ index: number }>(statements.completedAwakeables, { seq }).map(({ index }) => index)
    : [];
}

function isCompletedAwakeable({ statements, hasAwakeables }: Store, seq: number, index: number): boolean {
  return hasAwakeables && first(statements.awakeable, { seq, index }) !== undefined;
}

function tooManyAwakeables(count: number, bytes: number): StoreResponse {
  return {
    kind: "refused",
    reason: "too-many-awakeables",
    message: `its invocation may have ${count} completed awakeables with ${bytes} bytes, and would exceed that`,
  };
}
