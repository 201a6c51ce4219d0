import type { DatabaseSync } from "node:sqlite";
import { Code } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import type { AcceptCommand, Answer, Effect, StoreOptions } from "../../src/engine/embedded/protocol.ts";
import { openDatabase } from "../../src/engine/embedded/store/database.ts";
import { createPartition } from "../../src/engine/embedded/store/partition.ts";
import { temporaryDirectory, until } from "./support.ts";

/* The store without its thread: what happens between two messages can be had here only. */

const id = new Uint8Array(24).fill(7);
const childId = new Uint8Array(24).fill(8);
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
  awaited: false,
};
const childCall: AcceptCommand = { ...send, id: childId, invokedBy: id, awaited: true };

/** A store, and partitions over it: each stands for a process, of which the former ones died. */
function openStore() {
  const options: StoreOptions = {
    path: temporaryDirectory(),
    retentionMs: 60_000,
    maxStoreBytes: 2 ** 30,
    credit: 10,
    synchronous: "FULL",
  };
  const db = openDatabase(options);
  onTestFinished(() => db.close());
  const start = () => {
    const answers: Answer[] = [];
    const effects: Effect[] = [];
    const partition = createPartition(db, options, (message) => {
      if (message.kind === "batch") {
        answers.push(...message.answers);
        effects.push(...message.effects);
      }
    });
    onTestFinished(() => partition.stop());
    return { ...partition, answers, effects };
  };
  return { db, start };
}

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
  const { db, start } = openStore();
  const first = start();
  first.handle([send]);
  first.handle([{ op: "end", id, mode: "cancel" }]);
  first.stop();
  const disk = fallible(db);
  const { effects, ...second } = start();
  disk.isFull = true;
  second.start();
  expect(effects).toEqual([]);
  disk.isFull = false;
  await until(() => effects.length > 0);
  expect(effects).toMatchObject([{ kind: "ended", id, ended: { outcome: { code: Code.Canceled } } }]);
});

test("a cancel ends what the handler waits for in the same transaction", () => {
  const { start } = openStore();
  const first = start();
  const sent: AcceptCommand = { ...childCall, id: new Uint8Array(24).fill(9), awaited: false };
  first.handle([send, childCall, sent]);
  first.handle([{ op: "end", id, mode: "cancel" }]);
  expect(first.effects.filter(({ kind }) => kind === "abort")).toHaveLength(2);
  // The process dies here: its handlers have not heard of the cancel.
  first.stop();
  const second = start();
  second.start();
  expect(second.effects).toMatchObject([
    { kind: "run", id: sent.id },
    { kind: "ended", id, ended: { outcome: { code: Code.Canceled } } },
    { kind: "ended", id: childId, ended: { outcome: { code: Code.Canceled } } },
  ]);
});

test.each(["cancel", "kill"] as const)("a call that a %s of its caller overtook is refused", (mode) => {
  const { answers, effects, handle } = openStore().start();
  handle([send]);
  handle([{ op: "end", id, mode }, childCall]);
  expect(answers.at(-1)).toMatchObject({ kind: "refused", reason: "caller-stopped" });
  expect(effects.filter(({ kind }) => kind === "run")).toHaveLength(1);
});
