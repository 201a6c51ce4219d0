import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answer, Question, Usage } from "./announce.ts";
import { pinned } from "./cores.ts";

/** A script in a process of its own, which calls `announce`. Disposing of it ends the process. */
export interface Child<Ready> extends AsyncDisposable {
  readonly pid: number;
  /** What the script announced. */
  readonly ready: Ready;
  /** Rejects with the error's text when the answerer fails or the process ends. */
  ask(name: string, argument?: unknown): Promise<unknown>;
  usage(): Promise<Usage>;
}

export interface ChildOptions {
  /** Where it runs. Undefined: anywhere. */
  readonly core: string | undefined;
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
}

/** Starts a script and waits until it announces itself. */
export async function startChild<Ready>(script: URL, options: ChildOptions): Promise<Child<Ready>> {
  const { core, args = [], nodeOptions = [] } = options;
  const file = fileURLToPath(script);
  const [command, all] = pinned(core, process.execPath, [
    ...process.execArgv,
    "--expose-gc",
    ...nodeOptions,
    file,
    ...args,
  ]);
  const child = spawn(command, all, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "close").then(([code, signal]) => {
    const error = new Error(`${file} ended with ${signal ?? `exit code ${code}`}`);
    for (const { reject } of waiting.values()) {
      reject(error);
    }
    return error;
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<Ready>();
  ended.then(ready.reject);
  child.on("message", (answer: Answer) => {
    if ("ready" in answer) {
      // The script is ours: it announces what this caller expects.
      ready.resolve(answer.ready as Ready);
    } else if ("error" in answer) {
      waiting.get(answer.number)?.reject(new Error(answer.error));
    } else {
      waiting.get(answer.number)?.resolve(answer.value);
    }
  });
  let questions = 0;
  const ask = async (name: string, argument?: unknown): Promise<unknown> => {
    const number = questions++;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(number, answer);
    child.send({ number, name, argument } satisfies Question);
    return answer.promise.finally(() => waiting.delete(number));
  };
  return {
    ready: await ready.promise,
    pid: child.pid ?? 0,
    ask,
    usage: async () => (await ask("usage")) as Usage,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
      }
      await ended;
    },
  };
}
