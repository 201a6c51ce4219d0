import { first } from "./sqlite/rows.ts";
import type { Statements } from "./sqlite/statements.ts";

/** Numbers are reserved on disk in blocks: a restart skips the rest of a block, and no number is used twice. */
const blockSize = 1_000_000;

/** Ascending numbers for acceptance, ranks and inbox positions. */
export class Sequence {
  readonly #statements: Statements;
  #last: number;
  /** On disk, or in the open transaction. */
  #reserved: number;
  #reservedOnDisk: number;

  /** Continues after the last number that an earlier process may have used. */
  constructor(statements: Statements) {
    this.#statements = statements;
    this.#last = first<{ value: number }>(statements.highWater)?.value ?? 0;
    this.#reserved = this.#last;
    this.#reservedOnDisk = this.#last;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** Reserves numbers ahead. Called at the start of each transaction, so that half a block is left. */
  reserve(): void {
    if (this.#reserved - this.#last < blockSize / 2) {
      this.#reserved = this.#last + blockSize;
      this.#statements.setHighWater.run({ value: this.#reserved });
    }
  }

  /** Writes what is reserved once more. */
  rewrite(): void {
    this.#statements.setHighWater.run({ value: this.#reserved });
  }

  /** The transaction is on disk. */
  commit(): void {
    this.#reservedOnDisk = this.#reserved;
  }

  /** The transaction has failed: the next one reserves again. */
  rollback(): void {
    this.#reserved = this.#reservedOnDisk;
  }
}
