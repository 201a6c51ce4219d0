import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

/* Faults of the disk, injected below the process: the engine and SQLite see what a real one would give. */

let directory = "";
let library: string | undefined;

beforeAll(() => {
  directory = temporaryFolder("faults");
  library = build();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function build(): string | undefined {
  const output = join(directory, "faults.so");
  try {
    const source = new URL("./faults.c", import.meta.url).pathname;
    execFileSync("gcc", ["-shared", "-fPIC", "-O1", "-o", output, source, "-ldl"], { stdio: "pipe" });
    return output;
  } catch (error) {
    console.warn(`disk faults are not tested: no shared library can be built here (${String(error)})`);
    return undefined;
  }
}

test("a full disk refuses sends, loses nothing, and all goes on when there is room", async ({ skip }) => {
  skip(library === undefined, "needs gcc on Linux");
  const engine = await startEngine("full");
  const acknowledged = [await engine.send(), await engine.send()];
  engine.fault("full");
  expect(await engine.send()).toMatch(/refused .*\[resource_exhausted\] the disk of the store is full/);
  // The handlers end meanwhile: their outcomes wait for room.
  engine.tell("finish");
  expect(await engine.send()).toMatch(/refused/);
  engine.fault("");
  acknowledged.push(await engine.send());
  for (const id of acknowledged) {
    expect(await engine.ask(`outcome ${id.replace("sent ", "")}`)).toBe(id.replace("sent", "ended"));
  }
});

test("a full disk is found by checkWritable, and so is the end of it", async ({ skip }) => {
  skip(library === undefined, "needs gcc on Linux");
  const engine = await startEngine("check");
  expect(await engine.ask("check")).toBe("writable");
  engine.fault("full");
  expect(await engine.ask("check")).toMatch(/refused .*\[resource_exhausted\] the disk of the store is full/);
  engine.fault("");
  expect(await engine.ask("check")).toBe("writable");
});

test("a full disk can be emptied by purge", async ({ skip }) => {
  skip(library === undefined, "needs gcc on Linux");
  const engine = await startEngine("tight");
  engine.tell("finish");
  const id = (await engine.send()).replace("sent ", "");
  expect(await engine.ask(`outcome ${id}`)).toBe(`ended ${id}`);
  await until(() => existsSync(join(directory, "tight", "reserve")));
  engine.fault("tight");
  expect(await engine.ask(`purge ${id}`)).toBe(`purged ${id}`);
  engine.fault("");
  expect(await engine.send()).toMatch(/^sent inv_1/);
});

test("a first start on a full disk names the file and the fix, and succeeds once there is room", async ({
  skip,
}) => {
  skip(library === undefined, "needs gcc on Linux");
  const refused = openEngine("start", "full");
  expect(await refused.exited).toBe(1);
  expect(refused.errors.join("\n")).toMatch(
    /cannot open \/.*\/store\.sqlite: .*; free some space on the disk/,
  );
  expect(await (await startEngine("start")).send()).toMatch(/^sent inv_1/);
});

test("a later start on a full disk refuses sends until there is room", async ({ skip }) => {
  skip(library === undefined, "needs gcc on Linux");
  const before = await startEngine("later");
  before.tell("stop");
  expect(await before.exited).toBe(0);
  const engine = openEngine("later", "full");
  expect(await engine.next()).toBe("ready");
  expect(await engine.send()).toMatch(/refused .*\[resource_exhausted\] the disk of the store is full/);
  engine.fault("");
  expect(await engine.send()).toMatch(/^sent inv_1/);
});

test("a failed flush ends the process with one line; the next start has all that was acknowledged", async ({
  skip,
}) => {
  skip(library === undefined, "needs gcc on Linux");
  const engine = await startEngine("eio");
  const acknowledged = [await engine.send(), await engine.send()];
  engine.fault("eio");
  engine.tell("send");
  expect(await engine.exited).toBe(1);
  expect(engine.errors.join("\n")).toMatch(
    /^\S+ ERROR the store failed: start the engine again to recover path=\S+ reason="disk I\/O error/,
  );
  expect(engine.errors).toHaveLength(1);
  const again = await startEngine("eio");
  again.tell("finish");
  for (const id of acknowledged) {
    expect(await again.ask(`outcome ${id.replace("sent ", "")}`)).toBe(id.replace("sent", "ended"));
  }
});

/** An engine that has started. */
async function startEngine(name: string) {
  const engine = openEngine(name, "");
  expect(await engine.next()).toBe("ready");
  return engine;
}

/** An engine in its own process, below which the disk may fail. */
function openEngine(name: string, fault: "full" | "") {
  const faultFile = join(directory, `${name}.fault`);
  writeFileSync(faultFile, fault);
  const script = new URL("./engine-process.ts", import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    ["--conditions=@restate-connect/source", script, join(directory, name)],
    {
      stdio: "pipe",
      env: { ...process.env, LD_PRELOAD: library, FAULT_FILE: faultFile },
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const errors: string[] = [];
  createInterface(child.stderr).on("line", (line) => errors.push(line));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  const tell = (line: string): void => void child.stdin.write(`${line}\n`);
  const ask = (line: string): Promise<string> => {
    tell(line);
    return next();
  };
  return {
    errors,
    next,
    tell,
    ask,
    send: () => ask("send"),
    fault: (kind: "full" | "tight" | "eio" | "") => writeFileSync(faultFile, kind),
    exited: once(child, "exit").then(([code]) => code as number | null),
  };
}
