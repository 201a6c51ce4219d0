import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { repository } from "./markdown.ts";

/** A command that goes on running. */
export interface RunningCommand {
  /** What `ready` found in its output. */
  readonly match: RegExpExecArray;
  /** Calls back with all its output so far, now and whenever there is more. */
  onOutput(look: (output: string) => void): void;
  /** Presses Ctrl-C, and resolves with the exit code. Does nothing more when it has ended. */
  interrupt(): Promise<number | null>;
}

/**
 * Runs a shell command, as a person at a terminal would, and resolves with what it wrote to stdout.
 *
 * @throws Error with all its output when it fails.
 */
export async function run(command: string, cwd: string): Promise<string> {
  const child = shell(command, cwd);
  const { stdout, all } = collect(child);
  const code = await exitCode(child);
  if (code !== 0) {
    throw new Error(`${command}\nfailed with exit code ${code}:\n${all()}`);
  }
  return stdout();
}

/** Starts a shell command, and resolves once `ready` is in its output. Interrupt it in the end. */
export async function start(command: string, cwd: string, ready: RegExp): Promise<RunningCommand> {
  const child = shell(command, cwd);
  const { all } = collect(child);
  const ended = exitCode(child);
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    const look = (): void => {
      const found = ready.exec(all());
      if (found !== null) {
        resolve(found);
      }
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    ended.then((code) => reject(new Error(`${command}\nended with exit code ${code}:\n${all()}`)), reject);
  });
  return {
    match,
    onOutput(look) {
      const report = () => look(all());
      child.stdout?.on("data", report);
      child.stderr?.on("data", report);
      report();
    },
    interrupt() {
      // The whole group, as a terminal does: npx and npm have children of their own.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        process.kill(-child.pid, "SIGINT");
      }
      return ended;
    },
  };
}

function shell(command: string, cwd: string): ChildProcess {
  return spawn("bash", ["-c", command], {
    cwd,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

/** This Node, and nothing of the `npm test` that we may run under: neither its settings nor our own bins. */
function environment(): NodeJS.ProcessEnv {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((path) => !path.startsWith(repository));
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_OPTIONS$|VITEST|FORCE_COLOR$)/.test(name),
  );
  return {
    ...Object.fromEntries(own),
    PATH: [dirname(process.execPath), ...folders].join(delimiter),
    NO_COLOR: "1",
  };
}

function collect(child: ChildProcess): { stdout(): string; all(): string } {
  let stdout = "";
  let all = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    all += text;
  });
  return { stdout: () => stdout, all: () => all };
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
}
