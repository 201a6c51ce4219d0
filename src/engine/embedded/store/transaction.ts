import type { DatabaseSync } from "node:sqlite";
import { type Changes, noChanges } from "./changes.ts";
import type { StoreOptions } from "./protocol.ts";
import { type Counter, createCounter } from "./sequence.ts";
import { first } from "./sqlite/rows.ts";
import { prepareStatements, type Statements } from "./sqlite/statements.ts";
import { createTally, type Tally } from "./state-counts.ts";

/** What the state machine needs to know of an invocation whose attempt is out. */
export interface Out {
  readonly service: string;
  readonly lane: string | null;
  readonly retention: number | null;
}

/** What every transition of the state machine works with. */
export interface State {
  readonly statements: Statements;
  readonly counter: Counter;
  readonly tally: Tally;
  readonly options: Pick<StoreOptions, "retentionMs" | "maxStoreBytes">;
  /** The invocations whose attempts are out, by seq. */
  readonly out: ReadonlyMap<number, Out>;
  /** What the open transaction means for memory. */
  changes: Changes;
  /** False while no awakeable was ever completed early: saves a query an attempt. */
  anyAwakeable: boolean;
  /** False while no attempt ever had to make room: saves a query an invocation. */
  anyWait: boolean;
  /** True while the store is larger than it may be. */
  isOverfull: boolean;
}

/** The state machine's state over an opened store. */
export function createState(db: DatabaseSync, options: State["options"], out: State["out"]): State {
  const statements = prepareStatements(db);
  return {
    statements,
    counter: createCounter(statements),
    tally: createTally(statements),
    options,
    out,
    changes: noChanges(),
    anyAwakeable: first<{ found: number }>(statements.anyAwakeable)?.found === 1,
    anyWait: first<{ found: number }>(statements.anyWait)?.found === 1,
    isOverfull: false,
  };
}

/**
 * Runs `work` in one transaction, which is on disk when this returns; gives what it means for memory.
 *
 * @throws what SQLite throws. Nothing has changed then.
 */
export function transact(state: State, work: () => void): Changes {
  state.changes = noChanges();
  state.counter.reserve();
  state.statements.begin.run();
  try {
    work();
    state.tally.flush();
    state.statements.commit.run();
    return state.changes;
  } catch (error) {
    state.tally.discard();
    rollback(state);
    throw error;
  }
}

/** SQLite may have rolled back by itself; then there is nothing left to do. */
function rollback(state: State): void {
  try {
    state.statements.rollback.run();
  } catch {
    // The error that brought us here is the one to report.
  }
}
