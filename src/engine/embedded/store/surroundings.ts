import type { Command } from "./protocol.ts";
import type { DiskReserve } from "./sqlite/disk-reserve.ts";
import type { Store } from "./transaction.ts";

/** Work of the store besides commands. Each call does a bounded piece and returns whether there is more. */
export interface BackgroundWork {
  /** Fires timers that are due. */
  fireTimers(): boolean;
  /** Deletes invocations whose retention is over. */
  clean(): boolean;
  /** Moves timers that the clock's step back has put off. */
  adjustTimers(): boolean;
  /** Runs after each piece of work, once its responses are out. */
  maintain(): void;
}

/** What a store has around it: in its thread, or in a test environment. */
export interface StoreSurroundings {
  /** Epoch ms. */
  readonly now: () => number;
  /** Room on the disk. */
  readonly reserve: Pick<DiskReserve, "fill" | "release">;
  /** Makes what runs background work when it is due. */
  createTimers(store: Store, work: BackgroundWork): StoreTimers;
}

/** Runs background work when it is due. */
export interface StoreTimers {
  /** Starts the timers, and fires what is due already. */
  start(): void;
  /** Sees to the timers that a batch has set. */
  afterBatch(commands: readonly Command[]): void;
  stop(): void;
}
