import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { embedded } from "../../src/engine/index.ts";
import { bytes, startEngine, temporaryDirectory, textService, unkeyed } from "./support.ts";

const script = new URL("./hold-directory.ts", import.meta.url).pathname;
const work = unkeyed("Worker", "Work");
const worker = textService("Worker", "unkeyed", { Work: (input) => input });

describe("the data directory", () => {
  it("has files for this user only, even if the umask or an existing directory allows more", async () => {
    const path = join(temporaryDirectory(), "data");
    mkdirSync(path, { mode: 0o777 });
    chmodSync(path, 0o777);
    const holder = spawn(
      "sh",
      [
        "-c",
        'umask 0; exec "$0" "$@"',
        process.execPath,
        "--conditions=@restate-connect/source",
        script,
        path,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void holder.kill("SIGKILL"));
    await once(holder.stdout, "data");
    const modes = readdirSync(path).map((name) => [name, statSync(join(path, name)).mode & 0o777]);
    expect(modes.length).toBeGreaterThan(1);
    for (const [name, mode] of modes) {
      expect([name, mode]).toEqual([name, 0o600]);
    }
  });

  it("takes the rights of others away from the files of an earlier process", async () => {
    const path = temporaryDirectory();
    await (await startEngine([], { path })).close();
    chmodSync(join(path, "store.sqlite"), 0o644);
    await startEngine([], { path });
    expect(statSync(join(path, "store.sqlite")).mode & 0o777).toBe(0o600);
  });

  it("stays locked though other files are removed", async () => {
    const path = temporaryDirectory();
    const engine = await startEngine([worker], { path });
    await engine.send(work, bytes("a"));
    for (const name of readdirSync(path).filter((each) => !each.startsWith("store.sqlite"))) {
      rmSync(join(path, name));
    }
    await expect(embedded({ path }).start([])).rejects.toThrow(/is in use by another engine/);
    expect((await engine.send(work, bytes("b"))).duplicate).toBe(false);
  });

  it("writes its owner into a file of its own, not through a link", async () => {
    const path = temporaryDirectory();
    const target = join(temporaryDirectory(), "precious");
    writeFileSync(target, "precious");
    symlinkSync(target, join(path, "owner"));
    await startEngine([], { path });
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(lstatSync(join(path, "owner")).isSymbolicLink()).toBe(false);
  });

  it("is refused if the store of an earlier process is empty", async () => {
    const path = temporaryDirectory();
    await (await startEngine([], { path })).close();
    truncateSync(join(path, "store.sqlite"), 0);
    await expect(embedded({ path }).start([])).rejects.toThrow(
      /store\.sqlite: the file is empty.*restore the directory from a backup/,
    );
    expect(statSync(join(path, "store.sqlite")).size).toBe(0);
  });

  it("is taken if the first start was cut off before it wrote the store", async () => {
    const path = temporaryDirectory();
    writeFileSync(join(path, "store.sqlite"), "");
    const engine = await startEngine([worker], { path });
    expect((await engine.call(work, bytes("a"))).outcome.ok).toBe(true);
  });
});
