import type { AcceptCommand, StoreResponse } from "../protocol.ts";
import { deadlockMessage } from "../refusals.ts";
import { first, type StatusRow } from "../sqlite/rows.ts";
import { isCompleted } from "../stored-outcome.ts";
import type { Store } from "../transaction.ts";

/** Callers of callers that are looked at. */
const maxDepth = 1_000;

/**
 * Refuses a call that would wait for ever: of a key whose lock one of its callers holds until it completes, or of one
 * of its callers itself. `known` is the invocation that the call would join.
 */
export function findDeadlock(
  store: Store,
  { isAwaited, invokedBy, service, method, key, isShared }: AcceptCommand,
  known: StatusRow | undefined,
): StoreResponse | undefined {
  if (!isAwaited || invokedBy === null || (known !== undefined && isCompleted(known))) {
    return undefined;
  }
  const { statements } = store;
  const holder =
    key === null || isShared ? undefined : first<StatusRow>(statements.lockHolder, { service, key });
  const blockers = new Set([holder?.seq, known?.seq].filter((seq) => seq !== undefined));
  if (blockers.size === 0) {
    return undefined;
  }
  let caller = first<StatusRow>(statements.byId, { id: invokedBy });
  for (let depth = 0; caller !== undefined && depth < maxDepth; depth++) {
    if (blockers.has(caller.seq)) {
      return {
        kind: "refused",
        reason: "deadlock",
        message: deadlockMessage({ service, method, key }, caller),
      };
    }
    const { awaited, invokedBy: next } = caller;
    caller = awaited === 1 && next !== null ? first<StatusRow>(statements.byId, { id: next }) : undefined;
  }
  return undefined;
}
