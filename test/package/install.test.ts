// What a production install of the packed package brings: its size, and nothing that runs or compiles.
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packPackages, type Tarballs } from "./pack.ts";
import { type PackedProject, packedProject } from "./packed-project.ts";

let tarballs: Tarballs;
let project: PackedProject;

beforeAll(async () => {
  tarballs = await packPackages();
  project = packedProject(tarballs);
  await project.install("restate-connect");
});

afterAll(() => {
  project[Symbol.dispose]();
  tarballs[Symbol.dispose]();
});

function megabytes(folder: string): number {
  const bytes = project
    .list(folder)
    .reduce((total, file) => total + lstatSync(join(project.folder, folder, file)).size, 0);
  return bytes / 1e6;
}

it("takes at most 10 MB, peers included", () => {
  const sizes = Object.keys(lockedPackages()).map((name) => `${name} ${megabytes(name).toFixed(1)}`);
  expect(megabytes("node_modules"), sizes.join(", ")).toBeLessThan(10);
});

it("brings no compiler and no install script", () => {
  const packages = lockedPackages();
  expect(Object.keys(packages)).toContain("node_modules/@connectrpc/connect");
  expect(Object.keys(packages)).not.toContain("node_modules/typescript");
  expect(Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
});

it("says which package scaffold needs", async () => {
  await expect(project.run("npx restate-connect scaffold")).rejects.toThrow(
    "scaffold needs protoc-gen-restate-es, which is not installed: npm install --save-dev protoc-gen-restate-es",
  );
});

function lockedPackages(): Record<string, { readonly hasInstallScript?: boolean }> {
  const lock = JSON.parse(project.read("node_modules/.package-lock.json")) as {
    packages: Record<string, { readonly hasInstallScript?: boolean }>;
  };
  return lock.packages;
}
