// Speed, size and growth next to the peers, in one run: npm run bench -- --help
import { mkdtempDisposableSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchContext } from "./context.ts";
import { findH2load } from "./load/h2load.ts";
import { startOwnGenerator } from "./load/own-generator.ts";
import { findCores } from "./measure/cores.ts";
import { type BenchOptions, help, readOptions } from "./options.ts";
import { parts } from "./parts.ts";
import { buildPackage, installPeers, packageVersions } from "./prepare.ts";
import type { PartName, PartResult, Results } from "./report/results.ts";
import { publish, renderMarkdown, writeLatest } from "./report/write-results.ts";

const started = performance.now();
/** Before the bench itself gives the machine work. */
const loadAverage = loadavg()[0] ?? Number.NaN;
try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(help);
  } else {
    await runBench(options);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  process.exitCode = 1;
}

async function runBench(options: BenchOptions): Promise<void> {
  const needs = new Set(options.only.flatMap((name) => parts[name].needs));
  if (needs.has("peers")) {
    installPeers(progress);
  }
  if (needs.has("dist")) {
    buildPackage(progress);
  }
  const cores = findCores();
  const h2load = options.ownGenerator ? undefined : findH2load(cores?.load);
  await using own = h2load === undefined ? await startOwnGenerator(cores?.load) : undefined;
  const generator = h2load ?? own;
  if (generator === undefined) {
    throw new Error("there is no load generator");
  }
  progress(`${cores === undefined ? "nothing is pinned" : "pinned"}; load from ${generator.name}`);
  using directory = mkdtempDisposableSync(join(process.env.BENCH_DIR ?? tmpdir(), "bench-"));
  const machine: Results["machine"] = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
    pinned: cores !== undefined,
    loadGenerator: generator.name,
    versions: packageVersions(),
  };
  const results: Partial<Record<PartName, PartResult>> = {};
  for (const name of options.only) {
    try {
      results[name] = await runPart(name, { ...options, cores, generator, directory: directory.path });
    } catch (error) {
      progress(`${name} failed: ${error instanceof Error ? error.stack : error}`);
      process.exitCode = 1;
    }
    // After each part: what comes later may fail.
    writeLatest({ machine, parts: results });
  }
  if (options.isPublishing) {
    publish({ machine, parts: results });
  }
  process.stdout.write(renderMarkdown({ machine, parts: results }));
  progress(process.exitCode === undefined ? "done" : "done, and something failed");
}

async function runPart(
  name: PartName,
  context: Omit<BenchContext, "progress" | "note">,
): Promise<PartResult> {
  const { run } = await parts[name].load();
  const began = performance.now();
  const ranAt = new Date().toISOString();
  const notes: string[] = [];
  const measurements = await run({
    ...context,
    progress: (line) => progress(`${name}: ${line}`),
    note: (line) => notes.push(line),
  });
  const took = (performance.now() - began) / 1_000;
  const { rounds, seconds } = context;
  return { ranAt, took, rounds, seconds, loadAverage, measurements, notes };
}

function progress(line: string): void {
  const seconds = ((performance.now() - started) / 1_000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
}
