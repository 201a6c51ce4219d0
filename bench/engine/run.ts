import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, Reply, ServiceHandlers } from "../../src/engine/engine.ts";
import { embedded } from "../../src/engine/index.ts";
import { closedLoop, type LoopResult } from "./closed-loop.ts";
import { openRawAppend } from "./raw-append.ts";

/*
 * Durable enqueues and full life cycles, beside raw group-committed appends in the same run.
 * node --conditions=@restate-connect/source bench/engine/throughput.ts [seconds a measurement]
 */

const seconds = Number(process.argv[2] ?? 3);
const input = new Uint8Array(200).fill(1);
const reply: Reply = { output: new Uint8Array(200).fill(2), headers: [], trailers: [] };
const service: ServiceHandlers = {
  name: "org.example.Bench",
  kind: "unkeyed",
  methods: new Map([
    ["Run", async () => reply],
    ["Block", () => new Promise<Reply>(() => undefined)],
  ]),
};
const target = { service: service.name, method: "Run", key: undefined };
const directory = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), "bench-engine-"));

await raw();
await enqueues();
await lifeCycles("send, run, attach", (engine) => async () => {
  const { id } = await engine.send(target, input);
  await engine.attach(id);
});
await lifeCycles("plain call", (engine) => () => engine.call(target, input));
rmSync(directory, { recursive: true, force: true });

async function raw(): Promise<void> {
  for (const inFlight of [1, 32, 256]) {
    const file = openRawAppend(join(directory, "raw"));
    print("raw append + fdatasync", inFlight, await closedLoop(inFlight, seconds, () => file.append(input)));
    file.close();
  }
}

/** The only handler that may run never ends: nothing but acceptance is measured. */
async function enqueues(): Promise<void> {
  for (const inFlight of [1, 32, 256]) {
    await withEngine(async (engine) => {
      await engine.send({ ...target, method: "Block" }, input);
      const result = await closedLoop(inFlight, seconds, () => engine.send(target, input));
      print("durable send", inFlight, result);
    }, 1);
  }
}

async function lifeCycles(
  name: string,
  operation: (engine: Engine) => () => Promise<unknown>,
): Promise<void> {
  for (const inFlight of [1, 32, 256]) {
    await withEngine(async (engine) => {
      print(name, inFlight, await closedLoop(inFlight, seconds, operation(engine)));
    }, 1_000);
  }
}

async function withEngine(use: (engine: Engine) => Promise<void>, maxRunning: number): Promise<void> {
  const path = join(directory, "data");
  const engine = embedded({ path, log: () => undefined, maxRunning });
  await engine.start([service]);
  await use(engine);
  await engine.close({ drainMs: 0 });
  rmSync(path, { recursive: true, force: true });
}

function print(name: string, inFlight: number, { perSecond, p50, p99, cpuMicros }: LoopResult): void {
  const number = (value: number, digits = 0): string => value.toFixed(digits).padStart(9);
  console.log(
    `${name.padEnd(24)} ${String(inFlight).padStart(4)} in flight ${number(perSecond)}/s  p50 ${number(p50, 2)} ms  p99 ${number(p99, 2)} ms  CPU ${number(cpuMicros, 1)} us each`,
  );
}
