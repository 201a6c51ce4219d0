import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTransport } from "restate-connect/node";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { violations } from "./check.ts";
import { type Entry, openJournal } from "./journal.ts";
import { attach, cancel, createLoadClient, type Request, type Urls } from "./load.ts";
import { createResolver } from "./resolver.ts";
import { startServer } from "./server-process.ts";

const clientCount = 12;
const keysEach = 3;

export interface CrashReport {
  readonly acknowledged: number;
  readonly executions: number;
  readonly violations: readonly string[];
}

/**
 * Kills a server under load again and again at random moments, then lets it finish and checks what it
 * promised: a client's memory of acknowledgements and outcomes against the journal of the handlers.
 */
export async function crash(
  cycles: number,
  onCycle: (acknowledged: number) => void = () => undefined,
): Promise<CrashReport> {
  const directory = temporaryFolder("crash");
  const data = join(directory, "data");
  const journal = join(directory, "journal");
  const clients = Array.from({ length: clientCount }, (_, i) => createLoadClient(`c${i}-`, keysEach));
  const resolver = createResolver(journal);
  const acknowledged = (): readonly Request[] =>
    clients.flatMap((client) => client.requests.filter(({ id }) => id !== undefined));
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const server = await startServer(data, journal);
      const killed = new AbortController();
      const load = clients.map((client) => client.runUntilError(server));
      const outside = resolver.run(server.url, killed.signal);
      await sleep(100 + Math.random() * 500);
      await server.kill();
      killed.abort();
      await Promise.all([...load, outside]);
      onCycle(acknowledged().length);
    }
    const read = openJournal(journal);
    const server = await startServer(data, journal);
    const done = new AbortController();
    const outside = resolver.run(server.url, done.signal);
    const entries: Entry[] = [];
    const requests = [...acknowledged()];
    const stuck: string[] = [];
    try {
      stuck.push(...(await attachAll(requests, server)));
      // Their senders have ended: all of them are in the journal.
      entries.push(...read());
      const children = childrenIn(entries);
      stuck.push(...(await attachAll(children, server)));
      requests.push(...children);
    } finally {
      done.abort();
      await server.kill();
      await outside;
    }
    entries.push(...read());
    return {
      acknowledged: requests.length,
      executions: entries.filter(({ kind }) => kind === "begin").length,
      violations: [...stuck, ...violations(entries, requests)],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Returns acknowledged requests without an outcome: at the end there must not be any. */
async function attachAll(requests: readonly Request[], urls: Urls): Promise<readonly string[]> {
  const transport = createTransport({ baseUrl: urls.url });
  const waiting = [...requests];
  const stuck: string[] = [];
  const worker = async (): Promise<void> => {
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      const { kind, id, ended } = request;
      try {
        if (kind === "cancelled send" && ended === undefined) {
          await cancel(request, urls);
        }
        await attach(request, transport);
      } catch (error) {
        stuck.push(`${kind} ${id} was acknowledged and has lost its outcome: ${String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return stuck;
}

/** What handlers were told that the engine has taken: acknowledged like any other. */
function childrenIn(journal: readonly Entry[]): readonly Request[] {
  const children = new Map<string, Request>();
  for (const entry of journal) {
    if (entry.kind === "child") {
      const { id, key, number } = entry;
      children.set(id, { id, key, number, kind: "send with key" });
    }
  }
  return [...children.values()];
}
