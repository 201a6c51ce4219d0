import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseId } from "../../src/engine/embedded/ids/invocation-id.ts";
import { states } from "../../src/engine/embedded/store/protocol.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { FileOperation } from "./file-log.ts";

/** What the disk held after the power went, and what was missing of what had been promised. */
export interface PowerLossReport {
  readonly cuts: number;
  readonly acknowledged: number;
  readonly missing: number;
  /** What else was wrong with the stores found. */
  readonly damage: readonly string[];
}

interface DiskFile {
  /** What was flushed. */
  flushed: Buffer;
  /** What was written since, and may or may not have reached the disk. */
  pending: { readonly at: number; readonly data: Buffer }[];
}

const sectorBytes = 512;

/**
 * Takes the power away at `cutCount` random moments. Files then hold what was flushed, and of each later
 * write nothing, all, or some of its sectors. Creating, removing and truncating files is taken to last.
 */
export function replayPowerLoss(operations: readonly FileOperation[], cutCount: number): PowerLossReport {
  const firstPromise = operations.findIndex(({ kind }) => kind === "line");
  const cuts = new Set<number>();
  while (cuts.size < Math.min(cutCount, operations.length - firstPromise - 1)) {
    cuts.add(firstPromise + 1 + Math.floor(Math.random() * (operations.length - firstPromise - 1)));
  }
  const files = new Map<string, DiskFile>();
  const promises: string[] = [];
  const totals = { acknowledged: 0, missing: 0 };
  const damage: string[] = [];
  for (const [i, operation] of operations.entries()) {
    apply(files, promises, operation);
    if (cuts.has(i)) {
      const found = inspect(files, promises);
      totals.acknowledged += promises.length;
      totals.missing += found.missing;
      damage.push(...found.damage);
    }
  }
  return { cuts: cuts.size, ...totals, damage };
}

function apply(files: Map<string, DiskFile>, promises: string[], operation: FileOperation): void {
  if (operation.kind === "line") {
    promises.push(operation.text);
    return;
  }
  const file = files.get(operation.file) ?? { flushed: Buffer.alloc(0), pending: [] };
  files.set(operation.file, file);
  switch (operation.kind) {
    case "write":
      file.pending.push(operation);
      break;
    case "sync":
      for (const { at, data } of file.pending) {
        file.flushed = written(file.flushed, at, data);
      }
      file.pending = [];
      break;
    case "truncate":
      file.flushed = file.flushed.subarray(0, operation.size);
      file.pending = file.pending.filter(({ at }) => at < operation.size);
      break;
    case "remove":
      files.delete(operation.file);
      break;
  }
}

function written(content: Buffer, at: number, data: Buffer): Buffer {
  const grown =
    content.length >= at + data.length
      ? content
      : Buffer.concat([content, Buffer.alloc(at + data.length - content.length)]);
  data.copy(grown, at);
  return grown;
}

/** Of each write that was not flushed: 40 % are lost, 30 % are there, 30 % are there in some sectors. */
function contentAfterLoss({ flushed, pending }: DiskFile): Buffer {
  let content: Buffer = Buffer.from(flushed);
  for (const { at, data } of pending) {
    const fate = Math.random();
    for (let offset = 0; offset < data.length; offset += sectorBytes) {
      if (fate >= 0.7 || (fate >= 0.4 && Math.random() < 0.5)) {
        content = written(content, at + offset, data.subarray(offset, offset + sectorBytes));
      }
    }
  }
  return content;
}

/** Opens what the disk holds, as the next start would, and looks for what was promised. */
function inspect(files: ReadonlyMap<string, DiskFile>, promises: readonly string[]) {
  const directory = temporaryFolder("power");
  for (const [name, file] of files) {
    if (name.startsWith("store.sqlite") && !name.endsWith("-shm")) {
      writeFileSync(join(directory, name), contentAfterLoss(file));
    }
  }
  const db = new DatabaseSync(join(directory, "store.sqlite"));
  try {
    return { missing: missingPromises(db, promises), damage: damageOf(db) };
  } finally {
    db.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function missingPromises(db: DatabaseSync, promises: readonly string[]): number {
  const hasTable = db.prepare("select 1 from sqlite_schema where name = 'invocation'").get() !== undefined;
  if (!hasTable) {
    return promises.length;
  }
  const kept = {
    ACK: db.prepare("select 1 from invocation join input using (seq) where id = ?"),
    // The completion is forgotten with the end of its invocation.
    WOKE: db.prepare(
      `select 1 from invocation i where id = ? and (state = ${states.succeeded} or exists (select 1 from awakeable a where a.seq = i.seq))`,
    ),
    END: db.prepare(
      `select 1 from invocation join output using (seq) where id = ? and state = ${states.succeeded}`,
    ),
  };
  return promises.filter((promise) => {
    const [, word = "", id = ""] = /^(ACK|WOKE|END) (.*)$/.exec(promise) ?? [];
    const bytes = parseId(id);
    return bytes === undefined || kept[word as keyof typeof kept].get(bytes) === undefined;
  }).length;
}

function damageOf(db: DatabaseSync): readonly string[] {
  const integrity = db
    .prepare("pragma integrity_check")
    .all()
    .map((row) => String(row.integrity_check));
  if (db.prepare("select 1 from sqlite_schema where name = 'state_count'").get() === undefined) {
    return integrity.filter((line) => line !== "ok");
  }
  const stuck = db
    .prepare(
      `select count(*) as n from invocation q where state = ${states.inboxed} and not exists
         (select 1 from invocation h where h.service = q.service and h.key = q.key
           and h.state >= ${states.ready} and h.state <= ${states.suspended})`,
    )
    .get()?.n;
  const counted = db
    .prepare(
      `select count(*) as n from (select service, state, count(*) as n from invocation group by service, state
         except select service, state, n from state_count)`,
    )
    .get()?.n;
  return [
    ...integrity.filter((line) => line !== "ok"),
    ...(stuck === 0 ? [] : [`${stuck} wait for a key that nobody holds`]),
    ...(counted === 0 ? [] : ["the state counts differ from the invocations"]),
  ];
}
