// The ways to one handler, side by side: node --conditions=@restate-connect/source bench/engines/run.ts
// The ways take turns within each round, so that a busy machine slows all of them alike; ratios are the
// medians of the rounds' own.
import { parseArgs } from "node:util";
import { closedLoop } from "../engine/closed-loop.ts";
import { startWays } from "./ways.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    "in-flight": { type: "string", default: "1,32,128" },
  },
});
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
/** What Restate alone can do: the other ways are compared with it. */
const baseline = "restate-sdk-clients";

await using all = await startWays();
for (const { call, send } of all.ways) {
  await closedLoop(16, 1, call);
  await closedLoop(16, 1, send);
}
console.log(`| operation | in flight | way | /s | p50 ms | p99 ms | of ${baseline} |`);
console.log("|---|---|---|---|---|---|---|");
for (const operation of ["call", "send"] as const) {
  for (const inFlight of values["in-flight"].split(",").map(Number)) {
    const results = new Map(
      all.ways.map(({ name }) => [name, [] as Awaited<ReturnType<typeof closedLoop>>[]]),
    );
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? all.ways : all.ways.toReversed();
      for (const way of order) {
        results.get(way.name)?.push(await closedLoop(inFlight, seconds, way[operation]));
      }
    }
    const base = results.get(baseline) ?? [];
    for (const [name, runs] of results) {
      const ratios = runs.map(({ perSecond }, round) => perSecond / (base[round]?.perSecond ?? Number.NaN));
      const figures = [
        median(runs.map((run) => run.perSecond)).toFixed(0),
        median(runs.map((run) => run.p50)).toFixed(1),
        median(runs.map((run) => run.p99)).toFixed(1),
        median(ratios).toFixed(2),
      ];
      console.log(`| ${operation} | ${inFlight} | ${name} | ${figures.join(" | ")} |`);
    }
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
