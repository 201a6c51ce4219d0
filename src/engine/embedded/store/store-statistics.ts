import type { StoreStatistics } from "./protocol.ts";
import { states } from "./protocol.ts";
import { first, rows } from "./sqlite/rows.ts";
import type { Store } from "./transaction.ts";

/** How many invocations that wait behind keys are looked at: about 10 ms of the store's time. */
const maxInboxed = 100_000;

/** How full the store is. */
export function storeStatistics({ statements, inFlight, usedBytes, commits }: Store): StoreStatistics {
  const inboxed = rows<{ state: number; count: number }>(statements.stateCounts)
    .filter(({ state }) => state === states.inboxed)
    .reduce((sum, { count }) => sum + count, 0);
  const hasLookedAtInboxes = inboxed <= maxInboxed;
  const ready = oldestReady({ statements, inFlight });
  const waiting = hasLookedAtInboxes
    ? first<{ created: number | null }>(statements.oldestInboxed)?.created
    : undefined;
  const oldest = Math.min(ready ?? Number.POSITIVE_INFINITY, waiting ?? Number.POSITIVE_INFINITY);
  return {
    oldestPending: Number.isFinite(oldest) ? oldest : null,
    longestInbox: hasLookedAtInboxes
      ? (first<NonNullable<StoreStatistics["longestInbox"]>>(statements.longestInbox) ?? null)
      : null,
    hasLookedAtInboxes,
    usedBytes,
    commits: commits.read(),
  };
}

/** Behind the attempts in flight, which are ready too. */
function oldestReady({ statements, inFlight }: Pick<Store, "statements" | "inFlight">): number | undefined {
  // Typed like `rows`.
  const ready = statements.oldestReady.iterate() as unknown as Iterable<{ seq: number; created: number }>;
  for (const { seq, created } of ready) {
    if (!inFlight.has(seq)) {
      return created;
    }
  }
  return undefined;
}
