// npm run docs [-- --serve]: builds the docs site of README.md, docs/ and the docstrings into tools/docs/dist.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { deadLinks } from "./dead-links.ts";
import { here, pagesFolder, siteFolder } from "./folders.ts";
import { writePages } from "./pages.ts";
import { writeReference } from "./reference.ts";
import { writeSidebar } from "./sidebar.ts";

installPackages();
rmSync(pagesFolder, { recursive: true, force: true });
const groups = writePages();
writeSidebar([...groups, writeReference()]);
runOrExit("vitepress", "build");
const dead = deadLinks(siteFolder);
if (dead.length > 0) {
  console.error(`dead links in the docs site:\n${dead.join("\n")}`);
  process.exit(1);
}
if (process.argv.includes("--serve")) {
  runOrExit("vitepress", "preview");
} else {
  console.log(`\nthe docs site is in ${siteFolder}: npm run docs -- --serve shows it`);
}

/** Installs the packages of this folder, unless they are those of the lockfile. */
function installPackages(): void {
  const installed = join(here, "node_modules/.package-lock.json");
  const isCurrent =
    existsSync(installed) && lockedPackages(installed) === lockedPackages(join(here, "package-lock.json"));
  if (!isCurrent) {
    console.log("installing the packages of tools/docs, once");
    runOrExit("npm", "ci", "--ignore-scripts", "--silent");
  }
}

/** The names and versions in a lockfile that are for this machine. */
function lockedPackages(path: string): string {
  const { packages } = JSON.parse(readFileSync(path, "utf8")) as {
    packages: Record<string, { readonly version?: string; readonly optional?: boolean }>;
  };
  const required = Object.entries(packages).filter(
    ([name, { optional }]) => name !== "" && optional !== true,
  );
  return required.map(([name, { version }]) => `${name}@${version}`).join("\n");
}

function runOrExit(command: string, ...args: readonly string[]): void {
  const path = `${join(here, "node_modules/.bin")}:${process.env.PATH}`;
  const { status } = spawnSync(command, args, {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  if (status !== 0) {
    process.exit(1);
  }
}
