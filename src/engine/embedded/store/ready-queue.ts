import { type RunRow, rows } from "./sqlite/rows.ts";
import type { Statements } from "./sqlite/statements.ts";
import type { ReadyItem } from "./transaction.ts";

/** Invocations held in memory; the rest of a backlog stays on disk. */
const capacity = 512;
const pageSize = 64;

/** More than a sequence ever reaches. */
const beyondSequence = 2 ** 52;

/**
 * The rank of a ready invocation: its order among all that are ready. Positive ranks run in the order of their numbers.
 * Negative ranks go ahead of them, for calls that a handler waits for and for handlers that made room and can
 * continue: nothing is begun while work that was begun can be completed.
 */
export function rankOf(number: number, isUrgent: boolean): number {
  return isUrgent ? number - beyondSequence : number;
}

/** The ranks of each queue: above `after` and below `before`. */
export const rankRanges = {
  urgent: { after: -beyondSequence, before: 0 },
  normal: { after: 0, before: beyondSequence },
} as const;

/** The ready invocations of a range, by rank: a window in memory onto the index on disk. */
export class ReadyQueue {
  readonly #statements: Statements;
  readonly #before: number;
  #window: ReadyItem[] = [];
  /** All ready rows of the range up to this rank have been in the window. */
  #cursor: number;
  /** True while ready rows beyond the cursor are on disk only. */
  #hasMoreOnDisk = true;

  /** Begins with the rows that an earlier process left ready. */
  constructor(statements: Statements, range: { readonly after: number; readonly before: number }) {
    this.#statements = statements;
    this.#cursor = range.after;
    this.#before = range.before;
  }

  add(item: ReadyItem): void {
    if (this.#hasMoreOnDisk || this.#window.length >= capacity) {
      this.#hasMoreOnDisk = true;
    } else {
      this.#window.push(item);
      this.#cursor = item.rank;
    }
  }

  take(): ReadyItem | undefined {
    if (this.#window.length === 0 && this.#hasMoreOnDisk) {
      this.#load();
    }
    return this.#window.shift();
  }

  /** Puts an item back that could not run: it is the next one again. */
  putBack(item: ReadyItem): void {
    this.#window.unshift(item);
  }

  remove(seq: number): void {
    this.#window = this.#window.filter((item) => item.seq !== seq);
  }

  #load(): void {
    const range = { after: this.#cursor, before: this.#before, limit: pageSize };
    const page = rows<RunRow & { readonly rank: number }>(this.#statements.readyPage, range);
    for (const row of page) {
      this.#cursor = row.rank;
      this.#window.push({ seq: row.seq, rank: row.rank, row });
    }
    this.#hasMoreOnDisk = page.length === pageSize;
  }
}
