import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("..", import.meta.url));
const peers = fileURLToPath(new URL("./peers", import.meta.url));

/** Installs the packages that only the bench needs, unless they are there as the lock file pins them. */
export function installPeers(progress: (line: string) => void): void {
  if (installedVersions().every(({ installed, pinned }) => installed === pinned)) {
    return;
  }
  progress("installing the peers (bench/peers), once");
  runOrThrow("npm", ["ci", "--ignore-scripts", "--silent"], peers);
}

/** Compiles into dist/ what is published: pages, imports and the generator are measured as users get them. */
export function buildPackage(progress: (line: string) => void): void {
  progress("building the package");
  runOrThrow("npm", ["run", "--silent", "build"], repository);
}

/** Versions of the packages that are measured, by name. */
export function packageVersions(): Readonly<Record<string, string>> {
  const names = ["@connectrpc/connect-node", "@connectrpc/connect-web", "@bufbuild/protobuf", "esbuild"];
  const ofRoot = names.map((name) => [name, versionIn(repository, name)]);
  const ofPeers = installedVersions().map(({ name, installed }) => [name, installed]);
  return Object.fromEntries([["restate-connect", ownVersion()], ...ofRoot, ...ofPeers]);
}

function installedVersions() {
  const { dependencies } = JSON.parse(readFileSync(`${peers}/package.json`, "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies).map(([name, pinned]) => ({
    name,
    pinned,
    installed: versionIn(peers, name),
  }));
}

function versionIn(folder: string, name: string): string | undefined {
  const file = `${folder}/node_modules/${name}/package.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : undefined;
}

function ownVersion(): string {
  return JSON.parse(readFileSync(`${repository}/package.json`, "utf8")).version;
}

function runOrThrow(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed in ${cwd}`, { cause: error });
  }
}
