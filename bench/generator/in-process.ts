// CPU time of the generator within one process, next to reading the descriptors, which every plugin does:
//   node --conditions=@restate-connect/source bench/generator/in-process.ts
import { parseArgs } from "node:util";
import { create, createFileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { generate } from "../../codegen/plugin.ts";
import { median } from "../measure/statistics.ts";
import { benchRequest } from "./protos.ts";

const { values } = parseArgs({
  options: {
    services: { type: "string", default: "10,100,1000" },
    methods: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
  },
});

console.log("| services | read the descriptors, CPU s | generate, CPU s | of it printing, CPU s |");
console.log("|---|---|---|---|");
for (const services of values.services.split(",").map(Number)) {
  const parameter = "target=ts,import_extension=js";
  const request = { ...benchRequest(services, Number(values.methods)), parameter };
  const set = create(FileDescriptorSetSchema, { file: request.protoFile });
  const reads: number[] = [];
  const generates: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    reads.push(await cpuSecondsOf(() => createFileRegistry(set)));
    generates.push(await cpuSecondsOf(() => generate(request)));
  }
  const printing = generates.map((seconds, round) => seconds - (reads[round] ?? 0));
  const figures = [reads, generates, printing].map((seconds) => median(seconds).toFixed(3));
  console.log(`| ${services} | ${figures.join(" | ")} |`);
}

async function cpuSecondsOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000_000;
}
