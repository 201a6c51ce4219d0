import type { DatabaseSync } from "node:sqlite";
import { Code } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import type { AcceptCommand, Effect, FromStore, StoreOptions } from "../../src/engine/embedded/protocol.ts";
import { openDatabase } from "../../src/engine/embedded/store/database.ts";
import { createPartition } from "../../src/engine/embedded/store/partition.ts";
import { temporaryDirectory, until } from "./support.ts";

/* The store without its thread: a disk that is full for one moment can be had here only. */

const id = new Uint8Array(24).fill(7);
const send: AcceptCommand = {
  op: "accept",
  id,
  derived: false,
  anyInput: false,
  service: "Worker",
  method: "Work",
  key: null,
  shared: true,
  headers: null,
  input: new Uint8Array(1),
  due: null,
  retentionMs: null,
  invokedBy: null,
};

/** The database, and a switch that makes its commits fail as those of a full disk. */
function fallible(db: DatabaseSync) {
  const disk = { isFull: false };
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => {
    const statement = prepare(sql);
    if (sql === "commit") {
      const run = statement.run.bind(statement);
      statement.run = () => {
        if (disk.isFull) {
          throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
        }
        return run();
      };
    }
    return statement;
  };
  return disk;
}

test("a cancelled leftover that a full disk cannot take ends once there is room", async () => {
  const options: StoreOptions = {
    path: temporaryDirectory(),
    retentionMs: 60_000,
    maxStoreBytes: 2 ** 30,
    credit: 10,
    synchronous: "FULL",
  };
  const db = openDatabase(options);
  onTestFinished(() => db.close());
  const first = createPartition(db, options, () => undefined);
  first.start();
  first.handle([send]);
  first.handle([{ op: "end", id, mode: "cancel" }]);
  first.stop();

  const disk = fallible(db);
  const effects: Effect[] = [];
  const post = (message: FromStore): void => {
    if (message.kind === "batch") {
      effects.push(...message.effects);
    }
  };
  const second = createPartition(db, options, post);
  onTestFinished(() => second.stop());
  disk.isFull = true;
  second.start();
  expect(effects).toEqual([]);
  disk.isFull = false;
  await until(() => effects.length > 0);
  expect(effects).toMatchObject([{ kind: "ended", id, ended: { outcome: { code: Code.Canceled } } }]);
});
