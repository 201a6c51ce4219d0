import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { random } from "../fuzz/random.ts";
import { openTransports, putLoad } from "./load.ts";
import type { Usage } from "./usage.ts";

export interface SoakOptions {
  readonly rounds: number;
  /** Of each round. */
  readonly seconds: number;
  readonly perSecond: number;
  readonly seed: number;
  onRound?(usage: Usage, made: number): void;
}

/** Time for the store to delete outcomes whose retention is over, ms. */
const settleMs = 7_000;

/**
 * Puts a moderate load on an ingress in a process of its own, and looks after each round, when all is completed, at
 * what the server still uses.
 *
 * @throws Error when it ends by itself, or answers wrongly.
 */
export async function soak({
  rounds,
  seconds,
  perSecond,
  seed,
  onRound,
}: SoakOptions): Promise<readonly Usage[]> {
  const server = fork(fileURLToPath(new URL("server.ts", import.meta.url)), [], {
    execArgv: ["--conditions=@restate-connect/source", "--expose-gc"],
  });
  const exited = once(server, "exit");
  const crashed = exited.then(([code, signal]): never => {
    throw new Error(`the server ended by itself: ${code ?? signal}`);
  });
  crashed.catch(() => {});
  const answer = async () => (await Promise.race([once(server, "message"), crashed]))[0];
  try {
    const { url } = (await answer()) as { readonly url: string };
    const transports = openTransports(url);
    const usages: Usage[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const made = await Promise.race([
        putLoad(url, transports, random(seed + round), { perSecond, seconds }),
        crashed,
      ]);
      await new Promise((resolve) => setTimeout(resolve, settleMs));
      server.send("usage");
      const usage = (await answer()) as Usage;
      usages.push(usage);
      onRound?.(usage, made);
    }
    return usages;
  } finally {
    if (server.connected) {
      server.disconnect();
    }
    await exited;
  }
}

/** What has grown since the first third of the rounds, which fill caches and compile code, by name. */
export function grown(usages: readonly Usage[]): Readonly<Record<string, string>> {
  const early = usages.slice(0, Math.ceil(usages.length / 3));
  const last = usages.at(-1);
  const found: Record<string, string> = {};
  const allowed = {
    held: 16 * 2 ** 20,
    rss: 128 * 2 ** 20,
    descriptors: 20,
    storeBytes: 8 * 2 ** 20,
  } as const;
  for (const [name, most] of Object.entries(allowed) as [keyof typeof allowed, number][]) {
    const before = Math.max(...early.map((usage) => usage[name]));
    const now = last?.[name] ?? 0;
    if (now > before + most) {
      found[name] = `${before} -> ${now}`;
    }
  }
  return found;
}
