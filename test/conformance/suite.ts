import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { descriptorSetIn } from "./descriptors.ts";

/** The version of the suite that we build. */
const version = "v1.0.5";
const module = "connectrpc.com/conformance";
const program = process.platform === "win32" ? "connectconformance.exe" : "connectconformance";

const cache = fileURLToPath(new URL("../../.cache/conformance/", import.meta.url));
const run = promisify(execFile);

/** The conformance suite, ready to run. */
export interface Suite {
  readonly version: string;
  /** Path of the program `connectconformance`. */
  readonly runner: string;
  /** Path of the descriptor set of the suite's protos. */
  readonly descriptorSet: string;
}

/** Thrown where the suite is not to be had: the message says in one line why. */
export class NoSuiteError extends Error {
  override readonly name = "NoSuiteError";
}

/**
 * The official conformance suite: the `connectconformance` of the PATH, else one that is built once, into the
 * cache, from its Go module.
 *
 * @throws NoSuiteError when there is neither that nor Go, or the module cannot be had.
 */
export async function conformanceSuite(): Promise<Suite> {
  const runner = onPath() ?? (await builtRunner());
  // It prints its name and version.
  const { stdout } = await run(runner, ["--version"]);
  await mkdir(cache, { recursive: true });
  const descriptorSet = join(cache, "descriptors.binpb");
  await writeFile(descriptorSet, descriptorSetIn(await readFile(runner)));
  return { version: stdout.trim().split(" ").at(-1) ?? stdout, runner, descriptorSet };
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

async function builtRunner(): Promise<string> {
  const folder = join(cache, version);
  const runner = join(folder, program);
  if (!existsSync(runner)) {
    await mkdir(folder, { recursive: true });
    await install(folder);
  }
  return runner;
}

async function install(folder: string): Promise<void> {
  const args = ["install", `${module}/cmd/connectconformance@${version}`];
  try {
    // Outside of any Go module.
    await run("go", args, { cwd: folder, env: { ...process.env, GOFLAGS: "-mod=mod", GOBIN: folder } });
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new NoSuiteError(
      missing
        ? `there is neither "connectconformance" nor "go" on the PATH: install Go (https://go.dev/dl)`
        : `go ${args.join(" ")}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
