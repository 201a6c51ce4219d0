import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** An ingress in a process of its own: a crash is seen, and its memory is its own. */
export interface Tormented extends AsyncDisposable {
  readonly url: string;
  /** Rejects when the process ends by itself. */
  readonly crashed: Promise<never>;
  /** Memory that is still held after garbage collection, bytes. */
  memory(): Promise<number>;
  /** What it cost since the last question. */
  cost(): Promise<Cost>;
}

/** The longest block of an event loop, ms, and the most memory of its process, bytes. */
export interface Cost {
  readonly blockMs: number;
  readonly peak: number;
}

/** Starts server.ts. It ends with this process too, however this one ends. */
export async function startTormented(): Promise<Tormented> {
  const server = fork(fileURLToPath(new URL("server.ts", import.meta.url)), [], {
    execArgv: ["--conditions=@restate-connect/source", "--expose-gc"],
  });
  const exited = once(server, "exit");
  const crashed = exited.then(([code, signal]) => {
    throw new Error(`the ingress ended by itself: ${code ?? signal}`);
  });
  crashed.catch(() => {});
  const answer = async () => (await Promise.race([once(server, "message"), crashed]))[0];
  const { url } = (await answer()) as { readonly url: string };
  return {
    url,
    crashed,
    async memory() {
      server.send("memory");
      return ((await answer()) as { readonly held: number }).held;
    },
    async cost() {
      server.send("cost");
      return (await answer()) as Cost;
    },
    async [Symbol.asyncDispose]() {
      if (server.connected) {
        server.disconnect();
      }
      await exited;
    },
  };
}
