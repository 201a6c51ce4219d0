import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { StoreOptions } from "../protocol.ts";
import { migrations } from "./schema.ts";

/** SQLite before this could corrupt a WAL file that two connections checkpoint. */
const minimumVersion = "3.51.3";

/** SQLite's result codes that decide what we do; an extended code keeps its primary code in the low byte. */
const sqliteFull = 13;
/** SQLITE_IOERR_SHMSIZE: the index of the write-ahead log finds no room to grow. */
const sharedMemoryFull = 4_874;
const makeWritable = "make the directory and its files readable and writable for this user";
const makeRoom = "free some space on the disk";
const restore = "restore the directory from a backup, or move it away to start with an empty one";
const fixes: ReadonlyMap<number | string, string> = new Map<number | string, string>([
  [3, makeWritable],
  [5, "another program holds the file: stop it"],
  [8, makeWritable],
  [10, "look for a failing disk in the system's log"],
  [11, restore],
  [sqliteFull, makeRoom],
  [14, makeWritable],
  [26, restore],
  ["EACCES", makeWritable],
  ["EPERM", makeWritable],
  ["EROFS", makeWritable],
  ["ENOSPC", makeRoom],
]);

/** The store's file in a data directory. */
export function storeFile(path: string): string {
  return join(path, "store.sqlite");
}

/** Opens the store in a data directory and brings it to the newest schema. Throws what SQLite throws. */
export function openDatabase({
  path,
  synchronous,
}: Pick<StoreOptions, "path" | "synchronous">): DatabaseSync {
  const file = storeFile(path);
  const existed = existsSync(file);
  const db = new DatabaseSync(file);
  try {
    // A checkpoint runs after the answers of a batch are out, not within a commit.
    db.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma wal_autocheckpoint = 0;
             pragma cache_size = -65536; pragma journal_size_limit = 67108864; pragma busy_timeout = 5000`);
    assertDurable(db, synchronous);
    if (existed) {
      assertSound(db);
    }
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** True when a statement failed because the disk (or the quota) is full: nothing was written, all goes on. */
export function isFull(error: unknown): boolean {
  return resultCode(error) === sqliteFull;
}

/** Formats an error of the store with its fix. */
export function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const fix = fixes.get(resultCode(error) ?? systemCode(error));
  return fix === undefined ? message : `${message}; ${fix}`;
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) {
    return undefined;
  }
  return error.errcode === sharedMemoryFull ? sqliteFull : error.errcode & 0xff;
}

function systemCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function assertDurable(db: DatabaseSync, synchronous: StoreOptions["synchronous"]): void {
  const version = String(value(db, "select sqlite_version()"));
  if (compareVersions(version, minimumVersion) < 0) {
    throw new Error(`SQLite ${version} is too old, ${minimumVersion} is needed; use Node.js 24.15 or later`);
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

/** Looks at the schema and at one page of every table: a damaged header or directory shows at once. */
function assertSound(db: DatabaseSync): void {
  for (const { name } of db.prepare("select name from sqlite_schema where type = 'table'").all()) {
    db.prepare(`select 1 from "${name}" limit 1`).get();
  }
}

function migrate(db: DatabaseSync): void {
  const version = Number(value(db, "pragma user_version"));
  if (version > migrations.length) {
    throw new Error(
      `its schema is version ${version} and this release knows ${migrations.length}; use the release that wrote it, or a newer one`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) {
      db.exec(`begin immediate; ${migration}; pragma user_version = ${index + 1}; commit`);
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
