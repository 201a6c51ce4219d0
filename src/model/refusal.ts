/** Why a server refuses a request that it does not run. */
export const refusalReasons = [
  "closing",
  "headers_too_large",
  "malformed_headers",
  "memory_full",
  "message_too_large",
  "method_not_allowed",
  "permission_denied",
  "queue_full",
  "slow_request",
  "store_full",
  "too_many_awakeables",
  "too_many_connections",
  "too_many_requests",
  "too_many_streams",
  "unauthenticated",
  "unknown_method",
  "unsupported_type",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

const reasons = new WeakMap<Error, RefusalReason>();

/** Marks an error as a refusal, so that it is counted under this reason, and returns the error. */
export function refusal<E extends Error>(reason: RefusalReason, error: E): E {
  reasons.set(error, reason);
  return error;
}

/** The reason of a refusal. Undefined for other errors. */
export function refusalReason(error: unknown): RefusalReason | undefined {
  return error instanceof Error ? reasons.get(error) : undefined;
}
