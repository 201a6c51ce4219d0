import { first } from "./sqlite/rows.ts";
import type { Statements } from "./sqlite/statements.ts";

/** Numbers are reserved on disk in blocks: a restart skips the rest of one and no number is ever used twice. */
const blockSize = 1_000_000;

/** Ascending numbers for acceptance, turns and positions. */
export interface Counter {
  next(): number;
  /** Reserves ahead; called before each transaction, so that half a block lasts. */
  reserve(): void;
}

/** Goes on after the last number that a former process may have used. */
export function createCounter(statements: Statements): Counter {
  let reserved = first<{ value: number }>(statements.highWater)?.value ?? 0;
  let last = reserved;
  return {
    next: () => {
      last += 1;
      return last;
    },
    reserve: () => {
      if (reserved - last < blockSize / 2) {
        statements.setHighWater.run(last + blockSize);
        reserved = last + blockSize;
      }
    },
  };
}
