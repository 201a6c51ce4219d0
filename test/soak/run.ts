import { parseArgs } from "node:util";
import { grown, soak } from "./soak.ts";

/* Ten minutes: npm run soak [-- --minutes 10 --per-second 200 --seed 1]. Ends with an error when something grows. */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    "per-second": { type: "string", default: "200" },
    seed: { type: "string" },
  },
});
const rounds = Math.max(3, Math.round(Number(values.minutes) * 2));
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

console.log(`soak: ${rounds} rounds of 27 s, --per-second ${values["per-second"]}, --seed ${seed}`);
const usages = await soak({
  rounds,
  seconds: 27,
  perSecond: Number(values["per-second"]),
  seed,
  onRound: ({ held, rss, descriptors, delayP99, delayMax, storeBytes }, made) =>
    console.log(
      `soak: ${made} steps; ${mebibytes(held)} held, ${mebibytes(rss)} RSS, ${descriptors} descriptors, ` +
        `event loop late by ${delayP99.toFixed(1)} ms (99 %), ${delayMax.toFixed(0)} ms (most), ${mebibytes(storeBytes)} of store`,
    ),
});
const found = grown(usages);
console.log(
  Object.keys(found).length === 0 ? "soak: nothing has grown" : `soak: grown: ${JSON.stringify(found)}`,
);
process.exitCode = Object.keys(found).length === 0 ? 0 : 1;
