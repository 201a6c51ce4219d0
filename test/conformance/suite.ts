import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The version of the suite that we run. */
const version = "v1.0.5";
const module = "connectrpc.com/conformance";

const cache = fileURLToPath(new URL(`../../.cache/conformance/${version}/`, import.meta.url));
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
 * Builds the official conformance suite once, into the cache, from its Go module.
 *
 * @throws NoSuiteError when there is no Go, or the module cannot be had.
 */
export async function conformanceSuite(): Promise<Suite> {
  const runner = join(cache, process.platform === "win32" ? "connectconformance.exe" : "connectconformance");
  const descriptorSet = join(cache, "descriptors.binpb");
  if (!existsSync(runner) || !existsSync(descriptorSet)) {
    await mkdir(cache, { recursive: true });
    await go(["install", `${module}/cmd/connectconformance@${version}`], { GOBIN: cache });
    const { Dir } = JSON.parse(await go(["mod", "download", "-json", `${module}@${version}`], {})) as {
      Dir: string;
    };
    await run("buf", ["build", join(Dir, "proto"), "--as-file-descriptor-set", "--output", descriptorSet]);
  }
  return { version, runner, descriptorSet };
}

async function go(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  try {
    // Outside of any Go module, whatever the working directory.
    const { stdout } = await run("go", args, {
      cwd: cache,
      env: { ...process.env, GOFLAGS: "-mod=mod", ...env },
    });
    return stdout;
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new NoSuiteError(
      missing
        ? `building ${module} needs Go (https://go.dev/dl): there is no "go" on the PATH`
        : `go ${args.join(" ")}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
