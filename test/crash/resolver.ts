import { setTimeout as sleep } from "node:timers/promises";
import { awakeables } from "restate-connect";
import { createTransport } from "restate-connect/node";
import { AddResponseSchema } from "../../generated/org/example/counter_pb.ts";
import { openJournal } from "./journal.ts";

/** The outside that awakeables wait for. Each is completed until the server has said so, and never again. */
export interface Resolver {
  /** Completes what handlers ask for, until the server is gone or `signal` aborts. */
  run(url: string, signal: AbortSignal): Promise<void>;
}

/** A resolver that learns from the journal what handlers wait for. */
export function createResolver(journal: string): Resolver {
  const read = openJournal(journal);
  const open = new Map<string, bigint>();
  const seen = new Set<string>();
  const lookAround = (): void => {
    for (const entry of read()) {
      if (entry.kind === "awaits" && !seen.has(entry.awakeable)) {
        seen.add(entry.awakeable);
        open.set(entry.awakeable, BigInt(entry.number) * 2n);
      }
    }
  };
  return {
    run: async (url, signal) => {
      const outside = awakeables(createTransport({ baseUrl: url }));
      while (!signal.aborted) {
        lookAround();
        for (const [id, value] of open) {
          try {
            await outside.resolve(id, AddResponseSchema, { value });
            open.delete(id);
          } catch {
            // The server is gone, and did not say that it took it.
            return;
          }
        }
        // Long enough for others to come and wait too.
        await sleep(50);
      }
    },
  };
}
