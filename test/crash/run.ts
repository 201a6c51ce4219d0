import { crash } from "./crash.ts";

/* The long form: npm run crash [-- CYCLES]. Ends with an error when a guarantee was broken. */
const cycles = Number(process.argv[2] ?? 100);
let cycle = 0;
const report = await crash(cycles, (acknowledged) => {
  cycle += 1;
  console.log(`killed ${cycle} of ${cycles}, ${acknowledged} acknowledged so far`);
});
console.log(
  `${cycles} kills, ${report.acknowledged} acknowledged, ${report.executions} executions, ${report.violations.length} violations`,
);
for (const violation of report.violations) {
  console.error(violation);
}
process.exitCode = report.violations.length === 0 ? 0 : 1;
