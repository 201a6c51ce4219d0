import { mkdirSync } from "node:fs";
import { describeError } from "./errors.ts";

/**
 * Makes the data directory if it is missing, for this user only.
 *
 * @throws Error with a sentence that names the directory and the fix.
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`cannot make the data directory ${path}: ${describeError(error)}`, { cause: error });
  }
}
