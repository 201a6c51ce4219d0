import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the process that uses the directory, for the error that another one gets. */
export function writeOwner(path: string): void {
  const file = join(path, "owner");
  // A file of our own: what stands there may be a link to a file of someone else.
  rmSync(file, { force: true });
  writeFileSync(file, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
}

/** The process that uses the directory, or undefined if none ever did. */
export function readOwner(path: string): string | undefined {
  try {
    return readFileSync(join(path, "owner"), "utf8").trim() || "unknown";
  } catch {
    return undefined;
  }
}
