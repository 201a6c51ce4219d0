import { writeSync } from "node:fs";
import { createEngine } from "../../src/engine/embedded/embedded.ts";
import type { Attempt } from "../../src/engine/engine.ts";
import type { Reply } from "../../src/model/outcome.ts";
import { silentLogger } from "../support/loggers.ts";

/*
 * The process whose file operations are recorded: power-writer.ts DATA COUNT FULL|NORMAL.
 * Writes "ACK id" once a send is acknowledged, "WOKE id" once the completion of its awakeable is, and
 * "END id" once its outcome is known; then dies without closing. Some sends carry an idempotency key and
 * are repeated, some are delayed, some fail at first.
 */
const [path = "", count = "", level = ""] = process.argv.slice(2);
const clients = 24;
const awakeables = new Map<string, PromiseWithResolvers<string>>();

const engine = createEngine(
  { path, retry: { initialIntervalMs: 1 }, logger: silentLogger },
  level === "NORMAL" ? "NORMAL" : "FULL",
);
const methods = new Map([
  ["Do", async () => reply()],
  ["Fail", fail],
  ["Wait", wait],
]);
await engine.start([
  { name: "Free", kind: "unkeyed", methods },
  { name: "Keyed", kind: "keyed", methods },
]);
let left = Number(count);
await Promise.all(Array.from({ length: clients }, (_, i) => client(i)));
process.kill(process.pid, "SIGKILL");

async function client(number: number): Promise<void> {
  const place =
    number % 2 === 0 ? { service: "Free", key: undefined } : { service: "Keyed", key: `k${number % 4}` };
  for (let round = 0; left > 0; round++) {
    left -= 1;
    const method = ["Do", "Fail", "Do", "Wait"][round % 4] ?? "Do";
    const target = { ...place, method };
    const options = {
      ...(round % 3 === 0 ? { idempotency: { key: `${number}/${round}` } } : {}),
      ...(round % 5 === 0 ? { delayMs: 3 } : {}),
    };
    const { id } = await engine.send(target, new Uint8Array(700), options);
    writeSync(1, `ACK ${id}\n`);
    if (options.idempotency !== undefined) {
      const again = await engine.send(target, new Uint8Array(700), options);
      writeSync(1, `ACK ${again.id}\n`);
    }
    if (method === "Wait") {
      await engine.awakeables.resolve(await awakeableOf(id).promise, {
        format: "binary",
        bytes: new Uint8Array(50),
      });
      writeSync(1, `WOKE ${id}\n`);
    }
    await engine.attach(id);
    writeSync(1, `END ${id}\n`);
  }
}

async function fail({ number }: Attempt): Promise<Reply> {
  if (number < 3) {
    throw new Error("at first");
  }
  return reply();
}

async function wait(attempt: Attempt): Promise<Reply> {
  const { id, value } = attempt.awakeable();
  awakeableOf(attempt.invocationId).resolve(id);
  await value;
  return reply();
}

/** Where a handler leaves the id of its awakeable. */
function awakeableOf(invocationId: string): PromiseWithResolvers<string> {
  const known = awakeables.get(invocationId) ?? Promise.withResolvers<string>();
  awakeables.set(invocationId, known);
  return known;
}

function reply(): Reply {
  return { output: new Uint8Array(300), headers: [], trailers: [] };
}
