import type { StoreResponse } from "../protocol.ts";
import { refusalIfFull } from "../refusals.ts";
import type { Transaction } from "../transaction.ts";

/** Finds out whether an invocation could be stored now. */
export function probe({ store }: Transaction): StoreResponse {
  const refused = refusalIfFull(store, store.options.maxStoreBytes);
  if (refused !== undefined) {
    return refused;
  }
  store.sequence.rewrite();
  return { kind: "done" };
}
