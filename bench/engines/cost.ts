// What a call costs each process, in CPU time, which a busy machine changes little (Linux):
//   node --conditions=@restate-connect/source bench/engines/cost.ts --partitions 1,4,24
import { parseArgs } from "node:util";
import { closedLoop } from "../engine/closed-loop.ts";
import { processCpuMicros } from "../engine/process-cpu.ts";
import { startWays, type Ways } from "./ways.ts";

const { values } = parseArgs({
  options: {
    partitions: { type: "string", default: "1" },
    seconds: { type: "string", default: "4" },
    "in-flight": { type: "string", default: "32" },
  },
});
const [seconds, inFlight] = [Number(values.seconds), Number(values["in-flight"])];

console.log("| partitions | operation | way | /s | server | endpoint | ingress | client | CPU us a call |");
console.log("|---|---|---|---|---|---|---|---|---|");
for (const partitions of values.partitions.split(",").map(Number)) {
  await using all = await startWays(partitions);
  for (const way of all.ways) {
    for (const operation of ["call", "send"] as const) {
      await closedLoop(inFlight, 1.5, way[operation]);
      const before = cpuMicros(all.pids);
      const begun = performance.now();
      const run = await closedLoop(inFlight, seconds, way[operation]);
      const after = cpuMicros(all.pids);
      // The loop's warm-up costs its share too.
      const operations = run.perSecond * ((performance.now() - begun) / 1_000);
      const share = (name: keyof Ways["pids"]) => (after[name] - before[name]) / operations;
      const front = way.name === "embedded" ? share("embedded") : share("ingress");
      const parts = [share("server"), share("endpoint"), front, run.cpuMicros];
      const total = parts.reduce((sum, part) => sum + part, 0);
      const figures = [run.perSecond, ...parts, total].map((figure) => figure.toFixed(0));
      console.log(`| ${partitions} | ${operation} | ${way.name} | ${figures.join(" | ")} |`);
    }
  }
}

/** User and system time of each process and its threads so far. */
function cpuMicros(pids: Ways["pids"]): Record<keyof Ways["pids"], number> {
  const { server, endpoint, embedded, ingress } = pids;
  const of = processCpuMicros;
  return { server: of(server), endpoint: of(endpoint), embedded: of(embedded), ingress: of(ingress) };
}
