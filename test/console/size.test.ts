import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { buildConsole } from "../support/build-console.ts";
import { repository } from "../support/markdown.ts";

const folder = join(repository, "dist/console");
const kilobytes = (names: readonly string[]) =>
  names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0) / 1_000;

describe("the size of the console, gzip", () => {
  beforeAll(buildConsole);

  it("is at most 250 kB on first load, without editor and charts", () => {
    const page = readFileSync(join(folder, "index.html"), "utf8");
    const names = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name = ""]) => name);
    expect(kilobytes(["index.html", ...names])).toBeLessThan(250);
    // What it is: a step towards the limit must not go unnoticed.
    expect(kilobytes(["index.html", ...names])).toBeLessThan(110);
    expect(page).not.toMatch(/<script(?![^>]*src=)|<style|style=/);
  });

  it("is at most 300 kB for all that can ever be loaded", () => {
    const names = readdirSync(join(folder, "console")).map((name) => `console/${name}`);
    expect(kilobytes(names)).toBeLessThan(300);
  });
});
