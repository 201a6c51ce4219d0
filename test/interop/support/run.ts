import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MissingToolError } from "./describe-with.ts";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What a program wrote, and how it ended. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs a program to its end, in the root of the repository, and returns what it wrote even when it failed. */
export async function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  try {
    const options = { cwd: root, env: { ...process.env, ...env } };
    return { ...(await promisify(execFile)(program, args, options)), code: 0 };
  } catch (reason) {
    const failed = reason as Partial<Ran> & { code?: unknown };
    if (typeof failed.code !== "number") {
      throw reason;
    }
    return { stdout: failed.stdout ?? "", stderr: failed.stderr ?? "", code: failed.code };
  }
}

/**
 * Runs a program that a peer needs to be built.
 *
 * @throws MissingToolError when this machine does not have it, Error when it fails.
 */
export async function build(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const ran = await run(program, args, env).catch((reason: unknown) => {
    if (reason instanceof Error && "code" in reason && reason.code === "ENOENT") {
      throw new MissingToolError(`there is no "${program}" on the PATH`);
    }
    throw reason;
  });
  if (ran.code !== 0) {
    throw new Error(`${program} ${args.join(" ")} failed:\n${ran.stderr}${ran.stdout}`);
  }
  return ran.stdout;
}
