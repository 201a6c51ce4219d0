import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { UsageError } from "../usage-error.ts";
import { withParents } from "./package-manager.ts";

/**
 * Runs a command that shows its own output.
 *
 * @throws UsageError when the command is missing or fails.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    env: { ...environment(cwd), ...variables },
    stdio: "inherit",
    shell: isWindows,
  });
  const code = await ended(command, child);
  if (code !== 0) {
    throw new UsageError(`${[command, ...args].join(" ")} failed with exit code ${code}`);
  }
}

/** How a command ended, and its output. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/**
 * Runs a command and collects its output.
 *
 * @throws UsageError when the command is missing.
 */
export async function captureCommand(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd,
    env: environment(cwd),
    stdio: ["ignore", "pipe", "pipe"],
    shell: isWindows,
  });
  const [code, stdout, stderr] = await Promise.all([
    ended(command, child),
    buffer(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

const isWindows = process.platform === "win32";

async function ended(command: string, child: ReturnType<typeof spawn>): Promise<number | null> {
  try {
    // Rejects if the command cannot be started.
    const [code] = await once(child, "close");
    return code;
  } catch (cause) {
    throw new UsageError(`cannot run ${command}${howToInstall.get(command) ?? ""}`, { cause });
  }
}

const howToInstall: ReadonlyMap<string, string> = new Map([
  ["buf", ": install it with npm install --save-dev @bufbuild/buf"],
]);

/** As in a script of package.json: commands of installed packages come first. */
function environment(cwd: string): NodeJS.ProcessEnv {
  const folders = [...withParents(cwd)].map((folder) => join(folder, "node_modules", ".bin"));
  return { ...process.env, PATH: [...folders, process.env.PATH].join(delimiter) };
}
