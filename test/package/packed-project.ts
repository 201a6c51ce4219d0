import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { Tarballs } from "./pack.ts";

/** A folder outside the repository, where the packed packages are installed as a third party would. */
export interface PackedProject extends Disposable {
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** All files under a folder of the project. */
  list(path: string): string[];
  /** `npm install` with these arguments, where each package is in the version that this repository has. */
  install(args: string): Promise<string>;
  run(command: string): Promise<string>;
}

/** Makes an empty project. */
export function packedProject({ paths }: Tarballs): PackedProject {
  const folder = temporaryFolder("package");
  const { devDependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const pinned = (arg: string): string =>
    paths.get(arg) ?? (arg in devDependencies ? `${arg}@${devDependencies[arg]}` : arg);
  return {
    folder,
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), "utf8"),
    list: (path) =>
      readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, path).length + 1)),
    install: (args) =>
      run(
        `npm install --prefer-offline --no-audit --no-fund ${args.split(" ").map(pinned).join(" ")}`,
        folder,
      ),
    run: (command) => run(command, folder),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
