import { rmSync } from "node:fs";
import { embedded } from "../../src/engine/index.ts";
import type { Reply } from "../../src/model/outcome.ts";
import { silentLogger } from "../../test/support/loggers.ts";

/** An engine in this process with a handler that answers at once, Run, and one that never does, Block. */
export interface BenchEngine {
  /** Gives the id. */
  send(method: "Run" | "Block", input: Uint8Array): Promise<string>;
  attach(id: string): Promise<unknown>;
  /** Closes it and forgets its data. */
  stop(): Promise<void>;
}

export async function startEngine(path: string, maxRunning: number): Promise<BenchEngine> {
  const reply: Reply = { output: new Uint8Array(200).fill(2), headers: [], trailers: [] };
  const engine = embedded({ path, logger: silentLogger, maxRunning });
  const service = "org.example.Bench";
  await engine.start([
    {
      name: service,
      kind: "unkeyed",
      methods: new Map([
        ["Run", async () => reply],
        ["Block", () => new Promise<Reply>(() => undefined)],
      ]),
    },
  ]);
  return {
    send: async (method, input) => (await engine.send({ service, method, key: undefined }, input)).id,
    attach: (id) => engine.attach(id),
    stop: async () => {
      await engine.close({ drainMs: 0 });
      rmSync(path, { recursive: true });
    },
  };
}
