import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe } from "./database.ts";

/**
 * Makes the data directory if need be and takes it for this engine alone. The lock is the operating
 * system's, held through SQLite: it ends with the process however that ends.
 *
 * @throws Error that names the directory, the process that holds it, and the fix.
 */
export function lockDirectory(path: string): { release(): void } {
  try {
    // Payloads are nobody else's business.
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`cannot make the data directory ${path}: ${describe(error)}`, { cause: error });
  }
  const owner = join(path, "owner");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(path, "lock"));
    lock.exec("begin exclusive");
    writeFileSync(owner, `${process.pid}\n`);
    return { release: lock.close.bind(lock) };
  } catch (error) {
    lock?.close();
    if (isBusy(error)) {
      throw new Error(
        `the data directory ${path} is in use by another engine (process ${readOwner(owner)}): stop it, or choose another directory`,
        { cause: error },
      );
    }
    throw new Error(`cannot lock the data directory ${path}: ${describe(error)}`, { cause: error });
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, "utf8").trim() || "unknown";
  } catch {
    return "unknown";
  }
}
