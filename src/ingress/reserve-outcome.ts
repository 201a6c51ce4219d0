import type { ReserveOutcome } from "../engine/engine.ts";
import type { UnaryRequest } from "./route.ts";

/**
 * Reserves memory for an outcome before the engine loads it. Throws `resource_exhausted` when there is none, and the
 * signal's reason when nobody waits for the outcome any more.
 */
export function reserveOutcome({
  signal,
  memory,
  format,
}: Pick<UnaryRequest, "signal" | "memory" | "format">): ReserveOutcome {
  return (bytes) => {
    signal.throwIfAborted();
    memory.holdOutcome(bytes, format);
  };
}
