import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package manager, by the name of its command. */
export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

const lockfiles: readonly (readonly [file: string, manager: PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["pnpm-workspace.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  [".yarnrc.yml", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
];

/**
 * Finds the package manager of a project: by `packageManager` or a lockfile in the folder or above it, else
 * the package manager that runs this process, else npm.
 */
export function findPackageManager(
  folder: string,
  userAgent: string = process.env.npm_config_user_agent ?? "",
): PackageManager {
  for (const directory of withParents(folder)) {
    const declared = managerIn(readManifest(directory)?.packageManager);
    if (declared !== undefined) {
      return declared;
    }
    const found = lockfiles.find(([file]) => existsSync(join(directory, file)));
    if (found !== undefined) {
      return found[1];
    }
  }
  return managerIn(userAgent) ?? "npm";
}

/** The command that runs a script of package.json. */
export function runScript(manager: PackageManager, script: string): string {
  return manager === "yarn" ? `yarn ${script}` : `${manager} run ${script}`;
}

/** What `package.json` says, as far as we read it. */
export interface Manifest {
  name?: string;
  private?: boolean;
  type?: "module" | "commonjs";
  packageManager?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Reads the `package.json` of a folder; undefined if there is no such file. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, "package.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Manifest) : undefined;
}

/** A folder and all folders above it, the nearest first. */
export function* withParents(folder: string): Iterable<string> {
  yield folder;
  const parent = dirname(folder);
  if (parent !== folder) {
    yield* withParents(parent);
  }
}

function managerIn(text: string | undefined): PackageManager | undefined {
  const [, name] = /^(npm|pnpm|yarn|bun)[@/]/.exec(text ?? "") ?? [];
  return name as PackageManager | undefined;
}
