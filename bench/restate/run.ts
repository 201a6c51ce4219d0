// The ways to one handler, side by side: node --conditions=@restate-connect/source bench/restate/run.ts
// The ways take turns within each round, so that a busy machine slows all of them alike. Figures are medians
// of the rounds, and ratios medians of the rounds' own. CPU time, in us an operation, is that of each process
// with all its threads (Linux): a busy machine changes it less than throughput.
import { parseArgs } from "node:util";
import { closedLoop, type LoopResult } from "../measure/closed-loop.ts";
import { processCpuMicros } from "../measure/process-cpu.ts";
import { median } from "../measure/statistics.ts";
import { startWays, type Way, type Ways } from "./ways.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "5" },
    partitions: { type: "string", default: "1" },
    operations: { type: "string", default: "call,send" },
    "in-flight": { type: "string", default: "1,32,128" },
    ways: { type: "string", default: "" },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];

interface Measured extends LoopResult {
  readonly server: number;
  readonly endpoint: number;
  /** The ingress that this way goes through, where there is one. */
  readonly ingress: number;
}

console.log(
  "| partitions | operation | in flight | way | /s | of baseline | p50 ms | p99 ms | server | endpoint | ingress | client | all |",
);
console.log(`|${"---|".repeat(13)}`);
for (const partitions of values.partitions.split(",").map(Number)) {
  await using all = await startWays(partitions);
  const ways = all.ways.filter(({ name }) => name.includes(values.ways));
  for (const operation of values.operations.split(",") as ("call" | "send")[]) {
    for (const way of ways) {
      await closedLoop(16, 1.5, way[operation]);
    }
    for (const inFlight of values["in-flight"].split(",").map(Number)) {
      const results = new Map(ways.map(({ name }) => [name, [] as Measured[]]));
      for (let round = 0; round < rounds; round++) {
        for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
          results.get(way.name)?.push(await measure(way, operation, inFlight, all.pids));
        }
      }
      for (const { name, baseline } of ways) {
        const row = rowOf(results.get(name) ?? [], results.get(baseline) ?? []);
        console.log(`| ${partitions} | ${operation} | ${inFlight} | ${name} | ${row.join(" | ")} |`);
      }
    }
  }
}

async function measure(
  way: Way,
  operation: "call" | "send",
  inFlight: number,
  { server, endpoint, embedded, ingress }: Ways["pids"],
): Promise<Measured> {
  const before = [server, endpoint, embedded, ingress].map(processCpuMicros);
  const run = await closedLoop(inFlight, seconds, way[operation]);
  const spent = [server, endpoint, embedded, ingress].map(
    (pid, n) => (processCpuMicros(pid) - (before[n] ?? 0)) / run.operations,
  );
  const [ofServer = 0, ofEndpoint = 0, ofEmbedded = 0, ofIngress = 0] = spent;
  return { ...run, server: ofServer, endpoint: ofEndpoint, ingress: ofEmbedded + ofIngress };
}

function rowOf(runs: readonly Measured[], base: readonly Measured[]): readonly string[] {
  const middle = (read: (run: Measured) => number) => median(runs.map(read));
  const ratios = runs.map(({ perSecond }, round) => perSecond / (base[round]?.perSecond ?? Number.NaN));
  return [
    middle((run) => run.perSecond).toFixed(0),
    median(ratios).toFixed(2),
    middle((run) => run.p50).toFixed(1),
    middle((run) => run.p99).toFixed(1),
    middle((run) => run.server).toFixed(0),
    middle((run) => run.endpoint).toFixed(0),
    middle((run) => run.ingress).toFixed(0),
    middle((run) => run.cpuMicros).toFixed(0),
    middle((run) => run.server + run.endpoint + run.ingress + run.cpuMicros).toFixed(0),
  ];
}
