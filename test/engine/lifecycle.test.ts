import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Code } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/engine/embedded/clock.ts";
import { EmbeddedEngine } from "../../src/engine/embedded/embedded-engine.ts";
import { resolveOptions } from "../../src/engine/embedded/resolve-options.ts";
import type { OpenChannel } from "../../src/engine/embedded/store/channel.ts";
import { embedded } from "../../src/engine/index.ts";
import { silentLogger } from "../support/loggers.ts";
import {
  bytes,
  gate,
  keyed,
  startEngine,
  temporaryDirectory,
  textService,
  told,
  unkeyed,
  until,
} from "./support.ts";

/** Arguments for Node: holds the directory that follows until it is killed. */
const holdDirectory = [
  "--conditions=@restate-connect/source",
  new URL("./hold-directory.ts", import.meta.url).pathname,
];
const greet = unkeyed("Greeter", "Greet");
const greeter = textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` });

test("the data directory is made if it is missing", async () => {
  const path = join(temporaryDirectory(), "a", "b");
  await startEngine([], { path });
  expect(existsSync(path)).toBe(true);
});

test("a second engine on the same directory is refused in one sentence", async () => {
  const path = temporaryDirectory();
  await startEngine([], { path });
  await expect(embedded({ path }).start([])).rejects.toThrow(
    `the data directory ${path} is in use by another engine (process ${process.pid}): stop it, or choose another directory`,
  );
});

test("a second process on the same directory is refused, and let in once the first was killed", async () => {
  const path = temporaryDirectory();
  const holder = spawn(process.execPath, [...holdDirectory, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  await expect(embedded({ path }).start([])).rejects.toThrow(`(process ${holder.pid})`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await startEngine([], { path });
});

test("a store from before the first release is refused with its version", async () => {
  const path = temporaryDirectory();
  const db = new DatabaseSync(join(path, "store.sqlite"));
  db.exec("create table invocation (seq integer); pragma user_version = 5");
  db.close();
  await expect(embedded({ path }).start([])).rejects.toThrow(
    /its schema is version 5 and this release knows/,
  );
});

test("a store of a newer release is refused", async () => {
  const path = temporaryDirectory();
  const engine = await startEngine([], { path });
  await engine.close();
  const db = new DatabaseSync(join(path, "store.sqlite"));
  db.exec("pragma user_version = 1000");
  db.close();
  await expect(embedded({ path }).start([])).rejects.toThrow(
    /store\.sqlite: its schema is version 1000 .* use the release that wrote it/,
  );
});

test("an error names a damaged file and the fix", async () => {
  const path = temporaryDirectory();
  writeFileSync(join(path, "store.sqlite"), "this is not a database".repeat(1_000));
  await expect(embedded({ path }).start([])).rejects.toThrow(
    /cannot open .*store\.sqlite: .*not a database; restore the directory from a backup/,
  );
});

test("an error names a truncated file and the fix", async () => {
  const path = temporaryDirectory();
  const engine = await startEngine([greeter], { path });
  await engine.send(greet, bytes("Pete"));
  await engine.close();
  truncateSync(join(path, "store.sqlite"), 8_192);
  await expect(embedded({ path }).start([])).rejects.toThrow(
    /cannot open .*store\.sqlite: .*malformed; restore the directory from a backup/,
  );
});

test("an error names a directory without write permission, and the fix", async () => {
  const path = join(temporaryDirectory(), "data");
  await (await startEngine([], { path })).close();
  chmodSync(join(path, ".."), 0o755);
  chmodSync(path, 0o555);
  const { status, stderr } = spawnSync(process.execPath, [...holdDirectory, path], {
    encoding: "utf8",
    // Nobody: root may write everywhere.
    ...(process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined),
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /cannot open .*store\.sqlite: .*; make the directory and its files .*writable for this user/,
  );
});

test("a path that is a file is named", async () => {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, "");
  await expect(embedded({ path }).start([])).rejects.toThrow(`cannot make the data directory ${path}`);
});

test("before start and after close everything is unavailable", async () => {
  const engine = embedded({ path: temporaryDirectory() });
  await expect(engine.send(greet, bytes(""))).rejects.toMatchObject({ code: Code.Unavailable });
  await engine.start([greeter]);
  await engine.close();
  await engine.close();
  for (const refused of [engine.send(greet, bytes("")), engine.call(greet, bytes("")), engine.count()]) {
    await expect(refused).rejects.toMatchObject({ code: Code.Unavailable });
  }
});

test("close lets running handlers finish, and takes no new work meanwhile", async () => {
  const door = gate();
  const engine = await startEngine([
    textService("Greeter", "unkeyed", { Greet: (name) => door.opened.then(() => name) }),
  ]);
  const call = engine.call(greet, bytes("call"));
  const { id } = await engine.send(greet, bytes("send"));
  const attached = engine.attach(id);
  await until(async () => (await engine.get(id))?.state === "running");
  const closed = engine.close();
  await expect(engine.send(greet, bytes(""))).rejects.toMatchObject({ code: Code.Unavailable });
  door.open();
  expect(told((await call).outcome)).toBe("call");
  expect(told(await attached)).toBe("send");
  await closed;
});

test("close aborts what has not finished in time, and tells those who wait", async () => {
  const reasons: unknown[] = [];
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => reasons.push(signal.reason));
        }),
    }),
  ]);
  const { id } = await engine.send(greet, bytes(""));
  const waiting = Promise.allSettled([engine.attach(id), engine.call(greet, bytes(""))]);
  await until(async () => (await engine.get(id))?.state === "running");
  await engine.close({ drainMs: 20 });
  for (const result of await waiting) {
    expect(result).toMatchObject({ status: "rejected", reason: { code: Code.Unavailable } });
  }
  expect(reasons).toMatchObject([{ code: Code.Unavailable }, { code: Code.Unavailable }]);
});

test("close does not wait for calls whose turn cannot come any more, and tells them so", async () => {
  const door = gate();
  const engine = await startEngine(
    [
      textService("Cart", "keyed", {
        Fail: () => {
          throw new Error("not today");
        },
        Add: () => door.opened.then(() => "added"),
      }),
    ],
    { retry: { initialIntervalMs: 3_600_000, maxIntervalMs: 3_600_000 } },
  );
  const running = engine.call(keyed("Cart", "Add", "free"), bytes(""));
  const { id } = await engine.send(keyed("Cart", "Fail", "held"), bytes(""));
  await until(async () => (await engine.get(id))?.state === "backing-off");
  const waiting = engine.call(keyed("Cart", "Add", "held"), bytes(""));
  const refused = expect(waiting).rejects.toMatchObject({ code: Code.Unavailable });
  const closed = engine.close({ drainMs: 3_600_000 });
  await refused;
  door.open();
  expect(told((await running).outcome)).toBe("added");
  await closed;
});

test("an engine that is closed while it starts is closed in the end, and its directory free", async () => {
  const path = temporaryDirectory();
  const engine = embedded({ path });
  const started = expect(engine.start([greeter])).rejects.toMatchObject({ code: Code.Unavailable });
  await engine.close();
  await started;
  await expect(engine.start([greeter])).rejects.toThrow("started or closed before");
  await startEngine([], { path });
});

test("an engine that could not start closes all the same", async () => {
  const path = join(temporaryDirectory(), "file");
  writeFileSync(path, "");
  const engine = embedded({ path });
  const started = expect(engine.start([greeter])).rejects.toThrow(path);
  await engine.close();
  await started;
});

test("close waits for the end, even if another close has begun", async () => {
  const door = gate();
  const engine = await startEngine([
    textService("Greeter", "unkeyed", { Greet: () => door.opened.then(() => "") }),
  ]);
  const call = engine.call(greet, bytes(""));
  const ends: string[] = [];
  const first = engine.close().then(() => ends.push("first"));
  const second = engine.close().then(() => ends.push("second"));
  door.open();
  await Promise.all([call, first, second]);
  expect(ends).toEqual(["first", "second"]);
});

test("close leaves one tidy file", async () => {
  const path = temporaryDirectory();
  const engine = await startEngine([greeter], { path });
  await engine.attach((await engine.send(greet, bytes(""))).id);
  await engine.close();
  expect(existsSync(join(path, "store.sqlite-wal"))).toBe(false);
  const db = new DatabaseSync(join(path, "store.sqlite"), { readOnly: true });
  expect(db.prepare("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
  db.close();
  expect(readFileSync(join(path, "owner"), "utf8")).toBe(`${process.pid}\n`);
});

test("options out of range are refused by name", () => {
  expect(() => embedded({ path: "x", maxRunning: 0 })).toThrow(/maxRunning/);
  expect(() => embedded({ path: "x", retry: { factor: 0.5 } })).toThrow(/retry\.factor/);
  expect(() => embedded({ path: "x", retentionMs: Number.NaN })).toThrow(/retentionMs/);
});

test("a store that fails before it is open fails the start", async () => {
  const openChannel: OpenChannel = (_, receive) => {
    queueMicrotask(() => receive({ kind: "fatal", message: "its thread has ended" }));
    return { post() {}, end: async () => {} };
  };
  const options = resolveOptions({ path: "unused", logger: silentLogger });
  const engine = new EmbeddedEngine({ options, clock: systemClock, synchronous: "FULL", openChannel });
  await expect(engine.start([])).rejects.toThrow("its thread has ended");
  await engine.close();
});
