import type { EngineStatistics } from "../../engine.ts";
import type { EngineContext } from "../engine-context.ts";
import { expectKind } from "./load-outcome.ts";
import type { MemoryCalls } from "./memory-calls.ts";

/** How full the engine is, and what it has done. */
export async function engineStatistics(
  { store, attemptCounts }: EngineContext,
  memoryCalls: MemoryCalls,
): Promise<EngineStatistics> {
  const response = await store.request({ op: "statistics" });
  const { oldestPending, longestInbox, hasLookedAtInboxes, usedBytes, commits } = expectKind(
    response,
    "statistics",
  ).statistics;
  return {
    oldestPendingAt: oldestPending === null ? undefined : new Date(oldestPending),
    longestQueue: longestInbox ?? undefined,
    storeBytes: usedBytes,
    waitingCalls: memoryCalls.waitingCount,
    attempts: attemptCounts.read(),
    commits,
    unknown: hasLookedAtInboxes ? [] : ["longest_queue"],
  };
}
