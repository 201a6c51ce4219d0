import { DurationCounter, type DurationCounts } from "../../../model/duration-counts.ts";
import { first } from "./sqlite/rows.ts";
import type { Statements } from "./sqlite/statements.ts";

/** A commit takes as long as a flush of the disk: from a tenth of a millisecond, or seconds where many others write. */
const boundsMs = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500];

/** Counts how long commits take. A transaction that wrote nothing is not flushed, and not counted. */
export class CommitDurations {
  readonly #statements: Statements;
  readonly #durations = new DurationCounter(boundsMs);
  /** The rows that were written until the last commit. */
  #written = 0;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Commits the open transaction. @throws what SQLite throws. */
  commit(): void {
    const begun = performance.now();
    this.#statements.commit.run();
    const ended = performance.now();
    const written = first<{ changes: number }>(this.#statements.totalChanges)?.changes ?? 0;
    if (written !== this.#written) {
      this.#written = written;
      this.#durations.add(ended - begun);
    }
  }

  read(): DurationCounts {
    return this.#durations.read();
  }
}
