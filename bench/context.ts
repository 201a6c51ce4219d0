import type { LoadGenerator } from "./load/load.ts";
import type { Cores } from "./measure/cores.ts";
import type { Measurement } from "./report/results.ts";

/** What every part of the bench is given. */
export interface BenchContext {
  readonly rounds: number;
  /** How long each measurement lasts, s. */
  readonly seconds: number;
  /** True: leave out what takes long. */
  readonly isQuick: boolean;
  /** Undefined: nothing is pinned. */
  readonly cores: Cores | undefined;
  readonly generator: LoadGenerator;
  /** An empty directory on a real disk. The bench deletes it at the end. */
  readonly directory: string;
  /** Writes a line that says what is being measured. */
  progress(line: string): void;
  /** Adds a remark to the part's results. */
  note(line: string): void;
}

/** Runs one part, and gives what it measured. */
export type RunPart = (context: BenchContext) => Promise<readonly Measurement[]>;
