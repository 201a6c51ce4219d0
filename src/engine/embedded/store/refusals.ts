import type { StoreResponse } from "./protocol.ts";
import type { Store } from "./transaction.ts";

type Refused = StoreResponse & { readonly kind: "refused" };

/** The response to an id that is not known. */
export const unknownId: Refused = {
  kind: "refused",
  reason: "unknown-id",
  message: "is not known, or its retention is over",
};

/** The response to an invocation that would exceed the configured size of the store. */
const storeFull: Refused = {
  kind: "refused",
  reason: "store-full",
  message: "the store has reached its configured size",
};

/** The response to all writes while the disk is full. */
export const diskFull: Refused = {
  kind: "refused",
  reason: "store-full",
  message: "the disk of the store is full",
};

/** The response to a command that needs room in a store of at most so many bytes. Undefined: there is room. */
export function refusalIfFull({ isDiskFull, usedBytes }: Store, maxBytes: number): Refused | undefined {
  if (isDiskFull) {
    return diskFull;
  }
  return usedBytes >= maxBytes ? storeFull : undefined;
}

/** The message for a call of `target` that its caller, or a caller of that, would wait for for ever. */
export function deadlockMessage(
  target: { readonly service: string; readonly method: string; readonly key: string | null | undefined },
  caller: { readonly service: string; readonly method: string },
): string {
  const { service, method, key } = target;
  const of = typeof key === "string" && key !== "" ? ` for key ${JSON.stringify(key.slice(0, 100))}` : "";
  return (
    `${service}/${method}${of} would wait for ever: ${caller.service}/${caller.method}, which waits for it, ` +
    "holds the key until it completes. Send it instead of calling it, or make one of the methods SHARED"
  );
}
