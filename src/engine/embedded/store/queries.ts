import { inspect } from "./inspection.ts";
import { listPage } from "./list-page.ts";
import type { ReadCommand, StoredCompletion, StoreResponse } from "./protocol.ts";
import { unknownId } from "./refusals.ts";
import { first, type RecordRow, rows, type StatusRow } from "./sqlite/rows.ts";
import { storeStatistics } from "./store-statistics.ts";
import { isExpired, loadOutcome } from "./stored-outcome.ts";
import type { Store } from "./transaction.ts";

/** Answers a query, after the batch it came with is on disk. */
export function runQuery(store: Store, command: ReadCommand): StoreResponse {
  switch (command.op) {
    case "load-outcome":
      return outcomeResponse(store, command);
    case "load-awakeable": {
      const { seq, index } = command;
      const completion = first<StoredCompletion>(store.statements.awakeable, { seq, index });
      return { kind: "awakeable", completion: completion ?? null };
    }
    case "get": {
      const row = first<RecordRow>(store.statements.record, { id: command.id });
      return row === undefined || isExpired(store, row, store.now())
        ? unknownId
        : { kind: "record", record: { ...row, isRunning: store.inFlight.has(row.seq) } };
    }
    case "inspect":
      return inspect(store, command.id);
    case "statistics":
      return { kind: "statistics", statistics: storeStatistics(store) };
    case "list":
      return listPage(store, command.query);
    case "count":
      return { kind: "counts", counts: rows(store.statements.stateCounts), running: countRunning(store) };
  }
}

function outcomeResponse(
  store: Store,
  { id, isReserved }: ReadCommand & { readonly op: "load-outcome" },
): StoreResponse {
  const row = first<StatusRow>(store.statements.byId, { id });
  if (row === undefined || isExpired(store, row, store.now())) {
    return unknownId;
  }
  const { seq, expires } = row;
  if (expires === null) {
    return { kind: "outcome", completed: null };
  }
  const size = isReserved ? undefined : first<{ bytes: number }>(store.statements.outputSize, { seq });
  return size !== undefined && size.bytes > 0
    ? { kind: "outcome-size", bytes: size.bytes }
    : { kind: "outcome", completed: loadOutcome(store, seq, expires) };
}

function countRunning({ inFlight }: Store): ReadonlyMap<string, number> {
  const running = new Map<string, number>();
  for (const { service } of inFlight.values()) {
    running.set(service, (running.get(service) ?? 0) + 1);
  }
  return running;
}
