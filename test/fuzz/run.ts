import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

/* The long form: npm run fuzz [-- --requests 1000000 --seed 1]. Ends with an error when an answer was wrong. */
const { values } = parseArgs({
  options: { requests: { type: "string", default: "1000000" }, seed: { type: "string" } },
});
const requests = Number(values.requests);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
const mebibytes = (bytes = 0) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

console.log(`fuzz: ${requests} malformed requests, --seed ${seed}`);
const { sent, held } = await fuzz({
  requests,
  rounds: 20,
  seed,
  onRound: (report) => console.log(`fuzz: ${report.sent} sent, ${mebibytes(report.held.at(-1))} held`),
});
// The first quarter fills caches, and compiles code.
const growth = (held.at(-1) ?? 0) - Math.max(...held.slice(0, 5));
console.log(
  `fuzz: ${sent} sent, no crash, no wrong answer, grown by ${mebibytes(growth)} since the fifth round`,
);
if (growth > 16 * 2 ** 20) {
  console.error("fuzz: that is a leak");
  process.exitCode = 1;
}
