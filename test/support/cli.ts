import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How a command ended. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `restate-connect` from its sources, to the end. */
export async function runCli(...args: readonly string[]): Promise<CliResult> {
  const cli = startCli(...args);
  const code = await cli.ended;
  return { code, stdout: cli.stdout(), stderr: cli.stderr() };
}

/** A running command. Disposing of it ends it, by its process id. */
export interface RunningCli extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match of the pattern in what the command printed; rejects when it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts `restate-connect` from its sources. */
export function startCli(...args: readonly string[]): RunningCli {
  return startCliWith([], ...args);
}

/** The same, with options for Node. */
export function startCliWith(nodeOptions: readonly string[], ...args: readonly string[]): RunningCli {
  const source = ["--conditions=@restate-connect/source", "src/cli/bin.ts"];
  const child = spawn(process.execPath, [...nodeOptions, ...source, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stdout + stderr);
          if (match !== null) {
            child.stdout.off("data", look);
            child.stderr.off("data", look);
            resolve(match);
          }
        };
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        ended.then((code) =>
          reject(new Error(`exited with ${code} before it printed ${pattern}: ${stdout}${stderr}`)),
        );
        look();
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}
