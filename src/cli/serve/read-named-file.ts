import { readFile } from "node:fs/promises";
import { oneLine, UsageError } from "../usage-error.ts";

/**
 * Reads the file that a flag names.
 *
 * @throws UsageError when it cannot be read.
 */
export async function readNamedFile(flag: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UsageError(`cannot read ${flag} ${file}: ${oneLine(cause)}`, { cause });
  }
}
