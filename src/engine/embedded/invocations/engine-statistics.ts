import type { EngineStatistics } from "../../engine.ts";
import type { EngineContext } from "../engine-context.ts";
import { expectKind } from "./load-outcome.ts";

/** How full the engine is. */
export async function engineStatistics({ store }: EngineContext): Promise<EngineStatistics> {
  const response = await store.request({ op: "statistics" });
  const { oldestPending, longestInbox, hasLookedAtInboxes, usedBytes } = expectKind(
    response,
    "statistics",
  ).statistics;
  return {
    oldestPendingAt: oldestPending === null ? undefined : new Date(oldestPending),
    longestQueue: longestInbox ?? undefined,
    storeBytes: usedBytes,
    unknown: hasLookedAtInboxes ? [] : ["longest_queue"],
  };
}
