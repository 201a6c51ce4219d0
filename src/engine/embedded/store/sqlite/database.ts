import { chmodSync, closeSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { neededNode } from "../../../../model/node-version.ts";
import type { StoreOptions } from "../protocol.ts";
import { describeError, isBusy, restore } from "./errors.ts";
import { readOwner } from "./owner.ts";
import { firstVersion, migrations } from "./schema.ts";

/** SQLite before this could corrupt a WAL file that two connections checkpoint. */
const minimumVersion = "3.51.3";

/** The store's file in a data directory. */
export function storeFile(path: string): string {
  return join(path, "store.sqlite");
}

/**
 * Opens the store in a data directory, locks it for this process and brings it to the newest schema. The lock is the
 * operating system's, on the file itself: it ends with the process however that ends.
 *
 * @throws Error with a sentence that names the file and the fix.
 */
export function openDatabase({
  path,
  synchronous,
}: Pick<StoreOptions, "path" | "synchronous">): DatabaseSync {
  const file = storeFile(path);
  let isNew = false;
  let db: DatabaseSync | undefined;
  try {
    isNew = createFile(path, file);
    db = new DatabaseSync(file);
    // A checkpoint runs after the responses of a batch are out, not within a commit.
    db.exec(`pragma locking_mode = exclusive; pragma busy_timeout = 0; pragma journal_mode = wal;
             pragma synchronous = ${synchronous}; pragma wal_autocheckpoint = 0;
             pragma cache_size = -65536; pragma journal_size_limit = 67108864`);
    assertDurable(db, synchronous);
    if (!isNew) {
      assertSound(db);
    }
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    if (isNew) {
      // Empty, or half a store: the next start makes it again.
      rmSync(file, { force: true });
    }
    if (isBusy(error)) {
      throw new Error(
        `the data directory ${path} is in use by another engine (process ${readOwner(path) ?? "unknown"}): stop it, or choose another directory`,
        { cause: error },
      );
    }
    throw new Error(`cannot open ${file}: ${describeError(error)}`, { cause: error });
  }
}

/** Opens an empty store in memory, for this thread only. */
export function openMemoryDatabase(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  migrate(db);
  return db;
}

/**
 * Makes the file, for this user only, if it is missing; SQLite gives its other files the same mode. True if the store
 * is a new one.
 */
function createFile(path: string, file: string): boolean {
  if (!existsSync(file)) {
    closeSync(openSync(file, "wx", 0o600));
    return true;
  }
  if (statSync(file).size > 0) {
    for (const suffix of ["", "-wal", "-shm"]) {
      makePrivate(file + suffix);
    }
    return false;
  }
  // The owner is written once the store was opened: without it, the first start did not get that far.
  if (readOwner(path) !== undefined) {
    throw new Error(`the file is empty, and so were all invocations lost; ${restore}`);
  }
  makePrivate(file);
  return true;
}

/** Takes the rights of others away. A file of another user stays as that user has it. */
function makePrivate(file: string): void {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status !== undefined && (status.mode & 0o077) !== 0 && status.uid === process.getuid?.()) {
    chmodSync(file, 0o600);
  }
}

function assertDurable(db: DatabaseSync, synchronous: StoreOptions["synchronous"]): void {
  const version = String(value(db, "select sqlite_version()"));
  if (compareVersions(version, minimumVersion) < 0) {
    throw new Error(`SQLite ${version} is too old, ${minimumVersion} is needed: use ${neededNode}`);
  }
  const mode = value(db, "pragma journal_mode");
  if (mode !== "wal") {
    throw new Error(`the file system allows no write-ahead log (journal mode ${mode}); use a local disk`);
  }
  const level = value(db, "pragma synchronous");
  if (level !== (synchronous === "FULL" ? 2 : 1)) {
    throw new Error(`SQLite would not flush every commit (synchronous is ${level})`);
  }
}

/** Reads the schema and one page of every table: a damaged header or directory shows at once. */
function assertSound(db: DatabaseSync): void {
  for (const { name } of db.prepare("select name from sqlite_schema where type = 'table'").all()) {
    db.prepare(`select 1 from "${name}" limit 1`).get();
  }
}

function migrate(db: DatabaseSync): void {
  const version = Number(value(db, "pragma user_version"));
  const newest = firstVersion + migrations.length - 1;
  if (version > newest || (version !== 0 && version < firstVersion)) {
    const range = firstVersion === newest ? `${newest}` : `${firstVersion} to ${newest}`;
    throw new Error(
      `its schema is version ${version} and this release knows ${range}; use the release that wrote it, or a newer one`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (firstVersion + index > version) {
      db.exec(`begin immediate; ${migration}; pragma user_version = ${firstVersion + index}; commit`);
    }
  }
}

function value(db: DatabaseSync, sql: string): unknown {
  return Object.values(db.prepare(sql).get() ?? {})[0];
}

function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (const [i, part] of left.entries()) {
    const difference = part - (right[i] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}
