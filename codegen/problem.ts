import type { Located } from "./position.ts";

/** Something in a proto file that keeps a service from running on Restate. */
export interface Problem {
  readonly at: Located;
  /** What is wrong, and after a semicolon how to mend it. */
  readonly text: string;
}
