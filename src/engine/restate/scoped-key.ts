import { createHash } from "node:crypto";
import type { Idempotency } from "../../model/invocation.ts";
import type { IdempotentTarget, WorkflowRun } from "../../model/target.ts";

/** How a key with a scope begins. */
const scoped = /^[0-9a-f]{64}:/;

/**
 * An idempotency key of Restate, which has no scopes: the key behind a hash of its scope. A key without a scope that
 * looks the same gets the hash of nothing.
 */
export function scopedKey({ key, scope }: Pick<Idempotency, "key" | "scope">): string {
  return scope === undefined && !scoped.test(key)
    ? key
    : `${createHash("sha256")
        .update(scope === undefined ? "" : `scope ${scope}`)
        .digest("hex")}:${key}`;
}

/** Which invocation is meant, in the words of Restate. */
export function scopedReference(which: WorkflowRun | IdempotentTarget): WorkflowRun | IdempotentTarget {
  return "idempotencyKey" in which
    ? { ...which, idempotencyKey: scopedKey({ key: which.idempotencyKey, scope: which.scope }) }
    : which;
}
