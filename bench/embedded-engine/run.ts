import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Measured, measureInTurns, ratioOfRounds } from "../measure/rounds.ts";
import { median } from "../measure/statistics.ts";
import { startEngine } from "./in-process.ts";
import { openRawAppend } from "./raw-append.ts";
import { startSendServers } from "./send-servers.ts";

// The embedded engine next to its upper bounds and a Restate server, in one run:
//   node --conditions=@restate-connect/source bench/embedded-engine/run.ts [--rounds 5] [--seconds 2]
// Those that are compared take turns within each round; figures are medians of the rounds, ratios medians of
// the rounds' own, so that other work on the machine weighs on both sides.

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    "in-flight": { type: "string", default: "1,32,256" },
    pending: { type: "string", default: "100000,1000000" },
  },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const concurrencies = values["in-flight"].split(",").map(Number);
const directory = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), "bench-engine-"));
const payload = new Uint8Array(200).fill(1);

console.log(`load average ${loadavg()[0]?.toFixed(1)}, ${rounds} rounds of ${seconds} s\n`);
await appendsAndSends();
await lifeCycles();
await sendsOverHttp();
rmSync(directory, { recursive: true });
console.log("\n## Starts over a backlog\n");
const recovery = new URL("./recovery.ts", import.meta.url).pathname;
spawnSync(process.execPath, [...process.execArgv, recovery, ...values.pending.split(",")], {
  stdio: "inherit",
});

/** Nothing but acceptance: the only handler that may run never ends. */
async function appendsAndSends(): Promise<void> {
  console.log("## Durable sends, in process\n");
  const per = ["/s (best)", "p50 ms", "p99 ms", "CPU us"];
  heading("in flight", ...per, ...per.map((name) => `raw append ${name}`), "p99 : raw p99");
  for (const inFlight of concurrencies) {
    const engine = await startEngine(join(directory, "sends"), 1);
    await engine.send("Block", payload);
    const file = openRawAppend(join(directory, "raw"));
    const results = await measureInTurns(
      [
        { name: "raw", operation: () => file.append(payload) },
        { name: "send", operation: () => engine.send("Run", payload) },
      ],
      { inFlight, seconds, rounds },
    );
    file.close();
    await engine.stop();
    const [raw = [], sends = []] = results.values();
    row(
      inFlight,
      ...figures(sends),
      clientCpu(sends),
      ...figures(raw),
      clientCpu(raw),
      ratioOfRounds(sends, raw, ({ p99 }) => p99).toFixed(1),
    );
  }
}

async function lifeCycles(): Promise<void> {
  console.log("\n## Full life cycles, in process: send, run, outcome\n");
  heading("in flight", "/s (best)", "p50 ms", "p99 ms", "CPU us");
  for (const inFlight of concurrencies) {
    const engine = await startEngine(join(directory, "cycles"), 1_000);
    const results = await measureInTurns(
      [{ name: "cycle", operation: async () => engine.attach(await engine.send("Run", payload)) }],
      { inFlight, seconds, rounds },
    );
    await engine.stop();
    const [cycles = []] = results.values();
    row(inFlight, ...figures(cycles), clientCpu(cycles));
  }
}

/** Both only accept: on either side the one handler that may run never ends. */
async function sendsOverHttp(): Promise<void> {
  console.log("\n## Sends over HTTP/1.1, the same client for both\n");
  await using servers = await startSendServers(join(directory, "http"), payload);
  const per = ["/s (best)", "p50 ms", "p99 ms", "server CPU us"];
  heading("in flight", ...per, ...per.map((name) => `Restate ${name}`), "/s ratio", "CPU ratio");
  for (const inFlight of concurrencies) {
    const results = await measureInTurns(servers.contenders, { inFlight, seconds, rounds });
    const [ours = [], theirs = []] = results.values();
    row(
      inFlight,
      ...figures(ours),
      serverCpu(ours),
      ...figures(theirs),
      serverCpu(theirs),
      ratioOfRounds(ours, theirs, ({ perSecond }) => perSecond).toFixed(1),
      ratioOfRounds(theirs, ours, ({ serverCpuMicros }) => serverCpuMicros).toFixed(1),
    );
  }
}

/** Rate, with the best round's in brackets, and latencies. */
function figures(runs: readonly Measured[]): readonly string[] {
  const rates = runs.map(({ perSecond }) => perSecond);
  return [
    `${median(rates).toFixed(0)} (${Math.max(...rates).toFixed(0)})`,
    median(runs.map(({ p50 }) => p50)).toFixed(2),
    median(runs.map(({ p99 }) => p99)).toFixed(1),
  ];
}

/** In process, the client and the engine are one. */
function clientCpu(runs: readonly Measured[]): string {
  return median(runs.map(({ cpuMicros }) => cpuMicros)).toFixed(1);
}

function serverCpu(runs: readonly Measured[]): string {
  return median(runs.map(({ serverCpuMicros }) => serverCpuMicros)).toFixed(0);
}

function heading(...names: readonly string[]): void {
  row(...names);
  row(...names.map(() => "---"));
}

function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}
