import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

/* The long form: npm run fuzz [-- --requests 1000000 --seed 1]. Ends with an error when an answer was wrong, or one request cost too much. */
const { values } = parseArgs({
  options: { requests: { type: "string", default: "1000000" }, seed: { type: "string" } },
});
const requests = Number(values.requests);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
/** What one request of 30 MiB may cost at most, on a machine that does nothing else. */
const maxBlockMs = 1_500;
const maxMemoryPerByte = 30;
const mebibytes = (bytes = 0) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

console.log(`fuzz: ${requests} malformed requests, --seed ${seed}`);
const { sent, held, blockMs, cut, costs } = await fuzz({
  requests,
  rounds: 20,
  seed,
  costlyBytes: 30 * 2 ** 20,
  onRound: (report) => console.log(`fuzz: ${report.sent} sent, ${mebibytes(report.held.at(-1))} held`),
});
// The first quarter fills caches, and compiles code.
const growth = (held.at(-1) ?? 0) - Math.max(...held.slice(0, 5));
console.log(
  `fuzz: ${sent} sent, no crash, no wrong answer, grown by ${mebibytes(growth)} since the fifth round`,
);
console.log(
  `fuzz: longest block of the event loop while they came: ${blockMs.toFixed(0)} ms; ${cut} cut responses, none taken for whole`,
);
for (const { name, blockMs: block, memoryPerByte } of costs) {
  console.log(
    `fuzz: ${name.padEnd(36)} blocks ${block.toFixed(0).padStart(5)} ms, takes ${memoryPerByte.toFixed(1).padStart(5)} bytes of memory for each byte`,
  );
}
const longest = Math.max(...costs.map(({ blockMs: block }) => block));
const most = Math.max(...costs.map(({ memoryPerByte }) => memoryPerByte));
console.log(
  `fuzz: longest block ${longest.toFixed(0)} ms, most memory per byte asked ${most.toFixed(1)} bytes`,
);
fail(growth > 16 * 2 ** 20, "that is a leak");
fail(longest > maxBlockMs, `one request blocks the event loop for more than ${maxBlockMs} ms`);
fail(
  most > maxMemoryPerByte,
  `one request takes more than ${maxMemoryPerByte} bytes of memory for each byte`,
);

function fail(isFailure: boolean, message: string): void {
  if (isFailure) {
    console.error(`fuzz: ${message}`);
    process.exitCode = 1;
  }
}
