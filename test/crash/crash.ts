import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { invocation } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { AddResponseSchema } from "../../generated/org/example/counter_pb.ts";
import { violations } from "./check.ts";
import { readJournal } from "./journal.ts";
import { createLoadClient, type Request } from "./load.ts";
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
  const directory = mkdtempSync(join(tmpdir(), "crash-"));
  const data = join(directory, "data");
  const journal = join(directory, "journal");
  const clients = Array.from({ length: clientCount }, (_, i) => createLoadClient(`c${i}-`, keysEach));
  const requests = (): readonly Request[] => clients.flatMap((client) => client.requests);
  const acknowledged = (): number => requests().filter(({ id }) => id !== undefined).length;
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const server = await startServer(data, journal);
      const transport = createTransport({ baseUrl: server.url });
      const load = clients.map((client) => client.runUntilError(transport));
      await sleep(100 + Math.random() * 500);
      await server.kill();
      await Promise.all(load);
      onCycle(acknowledged());
    }
    const server = await startServer(data, journal);
    try {
      await attachAll(requests(), server.url);
    } finally {
      await server.kill();
    }
    const entries = readJournal(journal);
    return {
      acknowledged: acknowledged(),
      executions: entries.filter(({ kind }) => kind === "begin").length,
      violations: violations(entries, requests()),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every acknowledged request has an outcome in the end, whatever happened in between. */
async function attachAll(requests: readonly Request[], baseUrl: string): Promise<void> {
  const transport = createTransport({ baseUrl });
  const waiting = requests.filter(({ id }) => id !== undefined);
  const worker = async (): Promise<void> => {
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      const { value } = await invocation(transport, request.id ?? "", AddResponseSchema).attach({
        timeoutMs: 60_000,
      });
      request.ended = { at: Date.now(), value };
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
}
