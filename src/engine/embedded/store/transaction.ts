import type { DatabaseSync } from "node:sqlite";
import { CommitDurations } from "./commit-durations.ts";
import type { Effect, StoreOptions } from "./protocol.ts";
import { Sequence } from "./sequence.ts";
import { first, type RunRow } from "./sqlite/rows.ts";
import { prepareStatements, type Statements } from "./sqlite/statements.ts";
import { StateCounts } from "./state-counts.ts";

/** An invocation whose attempt is in flight: handed to the main thread, and not back yet. */
export interface InFlight {
  readonly service: string;
  readonly lockKey: string | null;
  readonly retention: number | null;
  /** The size of its request. */
  readonly bytes: number;
}

/** An invocation that may run. Its row is there if the batch that made it ready had it. */
export interface ReadyItem {
  readonly seq: number;
  readonly rank: number;
  readonly row: RunRow | undefined;
}

/** The opened store and what is known about it in memory. */
export interface Store {
  readonly db: DatabaseSync;
  readonly statements: Statements;
  readonly sequence: Sequence;
  readonly stateCounts: StateCounts;
  readonly options: Omit<StoreOptions, "path" | "synchronous">;
  /** Epoch ms. */
  readonly now: () => number;
  /** By seq. */
  readonly inFlight: ReadonlyMap<number, InFlight>;
  /** False until an awakeable was completed: saves a query per attempt. */
  hasAwakeables: boolean;
  /** False until an attempt failed: saves a statement per invocation. */
  hasFailedAttempts: boolean;
  /** False until an attempt had to make room: saves a query per invocation. */
  hasWaits: boolean;
  /** The size of the store: measured from time to time, estimated between. */
  usedBytes: number;
  readonly commits: CommitDurations;
  /** True while the disk is full: then only commands that free room are tried. */
  isDiskFull: boolean;
}

/** The consequences of a transaction for the state in memory. Applied once it is on disk, dropped if it fails. */
export interface Changes {
  readonly ready: ReadyItem[];
  /** Invocations that held the lock of their key, and the inbox position of the next one. */
  readonly releasedLocks: {
    readonly seq: number;
    readonly service: string;
    readonly key: string;
    readonly nextPosition: number | undefined;
  }[];
  /** Attempts that are no longer in flight. */
  readonly finished: number[];
  /** Ready invocations that will not run. */
  readonly withdrawn: number[];
  readonly effects: Effect[];
}

/** The open transaction of a batch: what each command of the state machine works with. */
export interface Transaction {
  readonly store: Store;
  readonly changes: Changes;
  /** Epoch ms: one moment for the whole batch. */
  readonly now: number;
}

/** The state in memory of an opened store. */
export function createStore(
  db: DatabaseSync,
  options: Store["options"],
  now: Store["now"],
  inFlight: ReadonlyMap<number, InFlight>,
): Store {
  const statements = prepareStatements(db);
  return {
    db,
    statements,
    sequence: new Sequence(statements),
    stateCounts: new StateCounts(statements),
    options,
    now,
    inFlight,
    hasAwakeables: first<{ found: number }>(statements.anyAwakeable)?.found === 1,
    hasFailedAttempts: first<{ found: number }>(statements.anyFailedAttempt)?.found === 1,
    hasWaits: first<{ found: number }>(statements.anyWait)?.found === 1,
    usedBytes: 0,
    commits: new CommitDurations(statements),
    isDiskFull: false,
  };
}

/**
 * Runs `work` in one transaction, which is on disk when this returns.
 *
 * @throws what SQLite throws. Nothing has changed then.
 */
export function transact<T>(
  store: Store,
  work: (transaction: Transaction) => T,
): { readonly result: T; readonly changes: Changes } {
  const changes: Changes = { ready: [], releasedLocks: [], finished: [], withdrawn: [], effects: [] };
  const { statements, sequence, stateCounts, commits } = store;
  statements.begin.run();
  try {
    sequence.reserve();
    const result = work({ store, changes, now: store.now() });
    stateCounts.write();
    commits.commit();
    sequence.commit();
    return { result, changes };
  } catch (error) {
    sequence.rollback();
    stateCounts.discard();
    rollback(statements);
    throw error;
  }
}

/** SQLite may have rolled back by itself: then there is nothing left to do. */
function rollback(statements: Statements): void {
  try {
    statements.rollback.run();
  } catch {
    // The error that led here is the one to report.
  }
}
