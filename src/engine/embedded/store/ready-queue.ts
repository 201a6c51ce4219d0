import type { ReadyItem } from "./changes.ts";
import { type RunRow, rows } from "./sqlite/rows.ts";
import type { Statements } from "./sqlite/statements.ts";

/** Invocations held in memory; the rest of a backlog stays on disk. */
const capacity = 512;
const pageSize = 64;

/** The input is null where it is too large to wait in memory. */
type PageRow = Omit<RunRow, "input"> & { readonly input: Uint8Array | null };

/** One half of the invocations that may run, by turn: a window of memory onto the index on disk. */
export interface ReadyQueue {
  add(item: ReadyItem): void;
  next(): ReadyItem | undefined;
  drop(seq: number): void;
}

/** Begins with what a former process left ready. */
export function createReadyQueue(
  statements: Statements,
  half: { after: number; before: number },
): ReadyQueue {
  let window: ReadyItem[] = [];
  /** All ready rows of this half up to this turn have been in the window. */
  let cursor = half.after;
  /** True while ready rows beyond the cursor are on disk only. */
  let behind = true;

  const load = (): void => {
    const page = rows<PageRow>(statements.readyPage, cursor, half.before, pageSize);
    for (const row of page) {
      cursor = row.turn ?? cursor;
      window.push({
        seq: row.seq,
        turn: cursor,
        row: row.input === null ? undefined : { ...row, input: row.input },
      });
    }
    behind = page.length === pageSize;
  };

  return {
    add: (item) => {
      if (behind || window.length >= capacity) {
        behind = true;
      } else {
        window.push(item);
        cursor = item.turn;
      }
    },
    next: () => {
      if (window.length === 0 && behind) {
        load();
      }
      return window.shift();
    },
    drop: (seq) => {
      window = window.filter((item) => item.seq !== seq);
    },
  };
}
