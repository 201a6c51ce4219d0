import { cpSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { repository } from "./markdown.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const left = new Set([".cache", ".git", ".next", "dist", "node_modules", "restate-data"]);

/**
 * A copy of this repository to change and to generate in: tests that run at the same time read `generated/`.
 * It shares the installed packages.
 */
export function repositoryCopy(): Disposable & { readonly folder: string } {
  const folder = temporaryFolder("copy");
  for (const name of readdirSync(repository).filter((entry) => !left.has(entry))) {
    cpSync(join(repository, name), join(folder, name), {
      recursive: true,
      filter: (path) => !left.has(basename(path)),
    });
  }
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"), "junction");
  return {
    folder,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
