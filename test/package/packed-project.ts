import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../support/command.ts";
import { repository } from "../support/markdown.ts";
import { repositoryCopy } from "../support/repository-copy.ts";

/** An empty folder outside the repository, and the package as npm would publish it. */
export interface PackedProject extends Disposable {
  readonly folder: string;
  readonly tarball: string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** All files under a folder of the project. */
  list(path: string): string[];
  /** `npm install` with these arguments, where each package is in the version that this repository has. */
  install(args: string): Promise<string>;
  run(command: string): Promise<string>;
}

/** Builds and packs the package. */
export async function packedProject(): Promise<PackedProject> {
  const folder = mkdtempSync(join(tmpdir(), "restate-connect-package-"));
  const manifest = readFileSync(join(repository, "package.json"), "utf8");
  // Not where other tests read package.json: it is another one while npm packs.
  using copy = repositoryCopy();
  await run(`npm pack --pack-destination ${folder}`, copy.folder);
  if (readFileSync(join(copy.folder, "package.json"), "utf8") !== manifest) {
    throw new Error("npm pack left package.json changed");
  }
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  const { devDependencies } = JSON.parse(manifest) as {
    devDependencies: Record<string, string>;
  };
  const pinned = (arg: string): string => {
    if (arg === "restate-connect") {
      return tarball;
    }
    return arg in devDependencies ? `${arg}@${devDependencies[arg]}` : arg;
  };
  return {
    folder,
    tarball,
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
