import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { repositoryCopy } from "../support/repository-copy.ts";

describe("scripts/check-node.js", () => {
  const says = async (version: string): Promise<string> => {
    const pretend = `Object.defineProperty(process.versions, "node", { value: "${version}" })`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      ...["--import", `data:text/javascript,${encodeURIComponent(pretend)}`],
      join(repository, "scripts/check-node.js"),
    ]);
    return stdout + stderr;
  };

  it("says nothing on Node 24.15 and later", async () => {
    expect(await says("24.15.0")).toBe("");
    expect(await says("26.10.0")).toBe("");
  });

  it("says in one line that an older one may do", async () => {
    expect(await says("22.22.3")).toBe(
      "This is Node 22.22.3, and the scripts here are made for Node 24.15 or later: most will do.\n",
    );
  });

  it("stops npm start before it comes to code that an older one cannot read", () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const [imported] = /--import \S+/.exec(scripts.start ?? "") ?? [];
    expect(imported).toBe("--import ./scripts/check-node.js");
    const pretend = `data:text/javascript,${encodeURIComponent('Object.defineProperty(process.versions, "node", { value: "20.20.2" })')}`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", pretend, "--import", "./scripts/check-node.js", "--eval", "console.log('went on')"],
      { cwd: repository, encoding: "utf8" },
    );
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("install it from https://nodejs.org");
  });

  it("fails where nothing would run", async () => {
    await expect(says("24.14.1")).rejects.toThrow("install it from https://nodejs.org");
    await expect(says("22.22.2")).rejects.toThrow("install it from https://nodejs.org");
    await expect(says("20.20.2")).rejects.toThrow("install it from https://nodejs.org");
  });
});

describe("npm run lockfile", () => {
  let copy: ReturnType<typeof repositoryCopy>;

  beforeAll(() => {
    copy = repositoryCopy();
  });

  afterAll(() => copy[Symbol.dispose]());

  it("puts back the packages of platforms that npm left out", async () => {
    const file = join(copy.folder, "package-lock.json");
    const whole = readFileSync(file, "utf8");
    const lock = JSON.parse(whole) as { packages: Record<string, unknown> };
    const names = ["node_modules/@biomejs/cli-darwin-arm64", "node_modules/@biomejs/cli-linux-x64-musl"];
    for (const name of names) {
      delete lock.packages[name];
    }
    writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);

    await expect(run("npm run check:lockfile", copy.folder)).rejects.toThrow(
      `package-lock.json lacks ${names.join(", ")}`,
    );
    await run("npm run lockfile", copy.folder);
    await run("npm run check:lockfile", copy.folder);
    const completed = JSON.parse(readFileSync(file, "utf8")) as typeof lock;
    expect(completed.packages[names[1] ?? ""]).toMatchObject({ cpu: ["x64"], libc: ["musl"], os: ["linux"] });
    expect(Object.keys(completed.packages)).toEqual(Object.keys(JSON.parse(whole).packages));
  });
});
