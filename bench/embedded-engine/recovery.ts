import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embedded } from "../../src/engine/index.ts";
import type { Reply } from "../../src/model/outcome.ts";
import { silentLogger } from "../../test/support/loggers.ts";

/*
 * How long a start takes, and how much memory, over a backlog that a former process left.
 * node --conditions=@restate-connect/source bench/embedded-engine/recovery.ts [pending invocations ...]
 */

const input = new Uint8Array(200).fill(1);
const target = { service: "org.example.Bench", method: "Run", key: undefined };
const [first = "100000", ...rest] = process.argv.slice(2);

if (first === "start") {
  await measureStart(rest[0] ?? "");
} else {
  for (const count of [first, ...rest].map(Number)) {
    await measure(count);
  }
}

async function measure(count: number): Promise<void> {
  const path = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), "bench-recovery-"));
  await fill(path, count);
  const script = new URL(import.meta.url).pathname;
  const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, script, "start", path], {
    encoding: "utf8",
  });
  const megabytes = statSync(join(path, "store.sqlite")).size / 2 ** 20;
  console.log(`${count} pending (${megabytes.toFixed(0)} MB on disk): ${stdout.trim()}${stderr}`);
  rmSync(path, { recursive: true });
}

/** Sends without a handler that ends. */
async function fill(path: string, count: number): Promise<void> {
  const engine = embedded({ path, maxRunning: 1, logger: silentLogger });
  await engine.start([
    {
      name: target.service,
      kind: "unkeyed",
      methods: new Map([["Run", () => new Promise<Reply>(() => undefined)]]),
    },
  ]);
  let left = count;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await engine.send(target, input);
    }
  };
  await Promise.all(Array.from({ length: 1_000 }, client));
  await engine.close({ drainMs: 0 });
}

async function measureStart(path: string): Promise<void> {
  const began = performance.now();
  let ran = 0;
  const firstRun = Promise.withResolvers<void>();
  const run = async (): Promise<Reply> => {
    ran += 1;
    firstRun.resolve();
    return { output: input, headers: [], trailers: [] };
  };
  const engine = embedded({ path, logger: silentLogger });
  await engine.start([{ name: target.service, kind: "unkeyed", methods: new Map([["Run", run]]) }]);
  const started = performance.now() - began;
  await firstRun.promise;
  const running = performance.now() - began;
  const memoryAtStart = process.memoryUsage().rss;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  console.log(
    `started in ${started.toFixed(0)} ms, first handler after ${running.toFixed(0)} ms with ${megabytes(memoryAtStart)} MB; ` +
      `after 3 s ${ran} run and ${megabytes(process.memoryUsage().rss)} MB`,
  );
  await engine.close({ drainMs: 0 });
}
