import type { DatabaseSync } from "node:sqlite";
import { unknownId } from "./commands/terminate.ts";
import { list } from "./listing.ts";
import type { Answer, ReadCommand } from "./protocol.ts";
import { first, type RecordRow, rows, type StatusRow } from "./sqlite/rows.ts";
import { endedOutcome, hasExpired } from "./stored-outcome.ts";
import type { State } from "./transaction.ts";

/** Answers a question, after the batch it came with is on disk. */
export function read(db: DatabaseSync, state: State, command: ReadCommand, now: number): Answer {
  const { statements, out } = state;
  switch (command.op) {
    case "outcome": {
      const row = first<StatusRow>(statements.byId, command.id);
      if (row === undefined || hasExpired(state, row, now)) {
        return unknownId;
      }
      if (row.expires === null) {
        return { kind: "outcome", ended: null };
      }
      const bytes = command.isReserved
        ? 0
        : (first<{ bytes: number }>(statements.outputSize, row.seq)?.bytes ?? 0);
      return bytes > 0
        ? { kind: "outcome-size", bytes }
        : { kind: "outcome", ended: endedOutcome(state, row.seq, row.expires) };
    }
    case "get": {
      const row = first<RecordRow>(statements.record, command.id);
      return row === undefined || hasExpired(state, row, now)
        ? unknownId
        : { kind: "record", record: { ...row, running: out.has(row.seq) } };
    }
    case "list":
      return list(db, command.query, (seq) => out.has(seq));
    case "count":
      return { kind: "counts", counts: rows(statements.tally), running: runningByService(state) };
  }
}

function runningByService({ out }: State): ReadonlyMap<string, number> {
  const running = new Map<string, number>();
  for (const { service } of out.values()) {
    running.set(service, (running.get(service) ?? 0) + 1);
  }
  return running;
}
