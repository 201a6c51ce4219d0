import type { IdBytes } from "../ids/invocation-id.ts";
import type { Inspection, StoreResponse } from "./protocol.ts";
import { unknownId } from "./refusals.ts";
import { first, type RecordRow, rows, type StatusRow } from "./sqlite/rows.ts";
import { isExpired } from "./stored-outcome.ts";
import type { Store } from "./transaction.ts";

/** Everything that is stored of an invocation besides its outcome. */
export function inspect(store: Store, id: IdBytes): StoreResponse {
  const { statements, inFlight } = store;
  const row = first<RecordRow>(statements.record, { id });
  if (row === undefined || isExpired(store, row, store.now())) {
    return unknownId;
  }
  const { seq } = row;
  const request = first<{ headers: string | null; body: Uint8Array }>(statements.request, { seq });
  return {
    kind: "inspection",
    inspection: {
      record: { ...row, isRunning: inFlight.has(seq) },
      headers: request?.headers ?? null,
      input: request?.body ?? new Uint8Array(),
      failedAttempts: rows<Inspection["failedAttempts"][number]>(statements.failedAttempts, { seq }),
      calls: rows<StatusRow>(statements.awaitedBy, { id }).map((call) => call.id),
    },
  };
}
