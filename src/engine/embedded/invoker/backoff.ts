import type { ResolvedRetry } from "../resolve-options.ts";

/** How long to wait after `failedAttempts` attempts, ms: exponential, with jitter over the upper half. */
export function backoffMs(
  { initialIntervalMs, factor, maxIntervalMs }: ResolvedRetry,
  failedAttempts: number,
  random: () => number,
): number {
  const interval = Math.min(initialIntervalMs * factor ** (failedAttempts - 1), maxIntervalMs);
  return Math.round(interval * (0.5 + random() / 2));
}
