import type { DatabaseSync } from "node:sqlite";
import { Code } from "@connectrpc/connect";
import { expect, onTestFinished, test, vi } from "vitest";
import type { IdBytes } from "../../src/engine/embedded/ids/invocation-id.ts";
import { Processor } from "../../src/engine/embedded/store/processor.ts";
import type {
  AcceptCommand,
  Command,
  Effect,
  StoreOptions,
  StoreResponse,
  WriteCommand,
} from "../../src/engine/embedded/store/protocol.ts";
import { openDatabase } from "../../src/engine/embedded/store/sqlite/database.ts";
import { threadSurroundings } from "../../src/engine/embedded/store/thread-surroundings.ts";
import { temporaryDirectory, until } from "./support.ts";

/* The store without its thread: what happens between two messages can be had here only. */

const id = new Uint8Array(24).fill(7);
const childId = new Uint8Array(24).fill(8);
const send: AcceptCommand = {
  op: "accept",
  id,
  isDerived: false,
  acceptsAnyInput: false,
  service: "Worker",
  method: "Work",
  key: null,
  isShared: true,
  headers: null,
  input: new Uint8Array(1),
  due: null,
  retentionMs: null,
  invokedBy: null,
  isAwaited: false,
};
const childCall: AcceptCommand = { ...send, id: childId, invokedBy: id, isAwaited: true };

/** A store, and partitions over it: each stands for a process, of which the former ones died. */
function openStore() {
  const options: StoreOptions = {
    path: temporaryDirectory(),
    retentionMs: 60_000,
    maxStoreBytes: 2 ** 30,
    maxRunning: 10,
    maxRunningBytes: 2 ** 30,
    maxAwakeables: 10,
    maxAwakeableBytes: 2 ** 20,
    synchronous: "FULL",
  };
  const db = openDatabase(options);
  onTestFinished(() => db.close());
  const start = () => {
    const responses: StoreResponse[] = [];
    const effects: Effect[] = [];
    const processor = new Processor(db, options, threadSurroundings(options.path), (message) => {
      if (message.kind === "batch") {
        responses.push(...message.responses);
        effects.push(...message.effects);
      }
    });
    onTestFinished(() => processor.stop());
    return {
      start: () => processor.start(),
      stop: () => processor.stop(),
      handle: (commands: readonly Command[]) => processor.handle(commands),
      responses,
      effects,
    };
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
  first.handle([{ op: "terminate", id, mode: "cancel" }]);
  first.stop();
  const disk = fallible(db);
  const { effects, ...second } = start();
  disk.isFull = true;
  second.start();
  expect(effects).toEqual([]);
  disk.isFull = false;
  await until(() => effects.length > 0);
  expect(effects).toMatchObject([{ kind: "completed", id, completed: { outcome: { code: Code.Canceled } } }]);
});

test("a cancel ends what the handler waits for in the same transaction", () => {
  const { start } = openStore();
  const first = start();
  const sent: AcceptCommand = { ...childCall, id: new Uint8Array(24).fill(9), isAwaited: false };
  first.handle([send, childCall, sent]);
  first.handle([{ op: "terminate", id, mode: "cancel" }]);
  expect(first.effects.filter(({ kind }) => kind === "abort")).toHaveLength(2);
  // The process dies here: its handlers have not heard of the cancel.
  first.stop();
  const second = start();
  second.start();
  expect(second.effects).toMatchObject([
    { kind: "run", id: sent.id },
    { kind: "completed", id: childId, completed: { outcome: { code: Code.Canceled } } },
    { kind: "completed", id, completed: { outcome: { code: Code.Canceled } } },
  ]);
});

const outcome = { code: 0, message: null, body: null, meta: null } as const;
const completion = { kind: "binary", body: new Uint8Array(1) } as const;

/** A partition whose handlers of `send` and its child are at work; `next` returns what has started since its last call. */
function atWork() {
  const { db, start } = openStore();
  const partition = start();
  const { effects, handle } = partition;
  handle([send, childCall]);
  const seqs = effects.flatMap((effect) => (effect.kind === "run" ? [effect.seq] : []));
  const [child = 0, parent = 0] = seqs;
  const runs = (): readonly IdBytes[] => {
    const ids = effects.flatMap((effect) => (effect.kind === "run" ? [effect.id] : []));
    effects.length = 0;
    return ids;
  };
  runs();
  const suspend = { op: "suspend", seq: parent, invocations: [childId], awakeables: [0] } as const;
  return { ...partition, db, start, child, runs, suspend };
}

test.each([
  ["outcome", (seq: number): WriteCommand => ({ op: "complete", seq, outcome })],
  ["value of an awakeable", (): WriteCommand => ({ op: "complete-awakeable", id, index: 0, completion })],
])("an %s that comes before or after the suspension makes the waiting one run again", (_, comes) => {
  for (const isFirst of [true, false]) {
    const { handle, child, runs, suspend } = atWork();
    handle(isFirst ? [comes(child), suspend] : [suspend, comes(child)]);
    expect(runs()).toEqual([id]);
    handle([suspend]);
    expect(runs()).toEqual([id]);
  }
});

test("a suspended invocation waits through a restart", () => {
  const { handle, stop, runs, suspend, start } = atWork();
  handle([suspend]);
  expect(runs()).toEqual([]);
  stop();
  const { effects, ...second } = start();
  second.start();
  expect(effects).toMatchObject([{ kind: "run", id: childId }]);
  const seq = effects[0]?.kind === "run" ? effects[0].seq : 0;
  second.handle([{ op: "complete", seq, outcome }]);
  expect(effects[1]).toMatchObject({ kind: "run", id });
});

test("what makes way for a cancel or a kill runs no more", () => {
  for (const mode of ["cancel", "kill"] as const) {
    for (const isFirst of [true, false]) {
      const { handle, effects, runs, suspend } = atWork();
      const end = { op: "terminate", id, mode } as const;
      handle(isFirst ? [end, suspend] : [suspend, end]);
      const code = mode === "cancel" ? Code.Canceled : Code.Aborted;
      expect(effects).toContainEqual(
        expect.objectContaining({
          kind: "completed",
          id,
          completed: expect.objectContaining({ outcome: expect.objectContaining({ code }) }),
        }),
      );
      expect(runs()).toEqual([]);
    }
  }
});

test("a suspended invocation runs again after a while though nothing has come", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { handle, runs, suspend } = atWork();
  handle([suspend]);
  vi.advanceTimersByTime(59_000);
  expect(runs()).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(runs()).toEqual([id]);
  // The longer it has been there, the later.
  handle([suspend]);
  vi.advanceTimersByTime(59_000);
  expect(runs()).toEqual([]);
});

test.each(["cancel", "kill"] as const)("a call that a %s of its caller overtook is refused", (mode) => {
  const { responses, effects, handle } = openStore().start();
  handle([send]);
  handle([{ op: "terminate", id, mode }, childCall]);
  expect(responses.at(-1)).toMatchObject({ kind: "refused", reason: "caller-terminated" });
  expect(effects.filter(({ kind }) => kind === "run")).toHaveLength(1);
});

test.each(["cancel", "kill"] as const)(
  "a %s ends invocations that have called each other in turn",
  (mode) => {
    const { responses, effects, handle } = openStore().start();
    const first = { ...send, isDerived: true, retentionMs: 0 };
    handle([first]);
    const seq = effects[0]?.kind === "run" ? effects[0].seq : 0;
    handle([childCall, { op: "complete", seq, outcome }]);
    // The key is free again, and what the first one called and left uses it.
    handle([{ ...first, invokedBy: childId, isAwaited: true }]);
    effects.length = 0;
    handle([{ op: "terminate", id: childId, mode }]);
    expect(responses.at(-1)).toEqual({ kind: "done" });
    expect(effects.filter(({ kind }) => kind === "abort")).toHaveLength(2);
  },
);

test("nothing is left of what a suspended invocation waited for", () => {
  for (const isFirst of [true, false]) {
    const { db, handle, child, suspend } = atWork();
    const complete = { op: "complete", seq: child, outcome } as const;
    handle(isFirst ? [complete, suspend] : [suspend, complete]);
    expect(db.prepare("select * from wait").all()).toEqual([]);
  }
});

test("timers that a step back of the clock has put off are due after their own interval", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const day = 86_400_000;
  const { start } = openStore();
  const first = start();
  first.start();
  const delayed = { ...send, id: childId, due: Date.now() + 60_000 };
  first.handle([send, delayed]);
  const seq = first.effects[0]?.kind === "run" ? first.effects[0].seq : 0;
  const error = { code: Code.Unknown, message: "again", body: null, meta: null } as const;
  first.handle([{ op: "retry", seq, due: Date.now() + 5_000, error }]);
  first.effects.length = 0;
  vi.setSystemTime(Date.now() - day);
  vi.advanceTimersByTime(7_000);
  expect(first.effects).toMatchObject([{ kind: "run", id }]);
  first.effects.length = 0;
  vi.advanceTimersByTime(50_000);
  expect(first.effects).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(first.effects).toMatchObject([{ kind: "run", id: childId }]);
});

test("a clock that was set back while the process was down puts no timer off", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { start } = openStore();
  const first = start();
  first.handle([{ ...send, due: Date.now() + 1_000 }]);
  first.stop();
  vi.setSystemTime(Date.now() - 86_400_000);
  const second = start();
  second.start();
  vi.advanceTimersByTime(2_500);
  expect(second.effects).toMatchObject([{ kind: "run", id }]);
});
