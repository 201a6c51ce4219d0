import type { Located } from "./position.ts";

/** An error in a proto file: its service cannot run on Restate. */
export interface Problem {
  readonly at: Located;
  /** The problem, a semicolon, and the fix. */
  readonly text: string;
}
