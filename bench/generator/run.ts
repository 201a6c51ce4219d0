// How long the generator takes, compared with protoc-gen-es: npm run build, then
// node --conditions=@restate-connect/source bench/generator/run.ts
// Each plugin is a process that gets the same request on stdin, as from buf. The plugins take turns within each
// round, so that a busy machine slows all of them alike; ratios are the medians of the rounds' own.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { generate } from "../../codegen/plugin.ts";
import { benchRequest } from "./protos.ts";

const { values } = parseArgs({
  options: {
    services: { type: "string", default: "10,100,1000" },
    methods: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
  },
});
const [methods, rounds] = [Number(values.methods), Number(values.rounds)];

const ours = fileURLToPath(new URL("../../codegen/dist/codegen/bin.js", import.meta.url));
const es = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/bin/protoc-gen-es");
const options = "target=ts,import_extension=js";
/** The first is what the others are compared with. */
const plugins = [
  { name: "protoc-gen-es", bin: es, parameter: options },
  { name: "protoc-gen-restate-es", bin: ours, parameter: options },
  { name: "protoc-gen-restate-es, json_client=true", bin: ours, parameter: `${options},json_client=true` },
];

console.log("| services | plugin | files | kB | s | of protoc-gen-es |");
console.log("|---|---|---|---|---|---|");
for (const services of values.services.split(",").map(Number)) {
  const request = benchRequest(services, methods);
  const results = plugins.map((plugin) => ({ ...plugin, seconds: [] as number[], files: 0, bytes: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const result of round % 2 === 0 ? results : results.toReversed()) {
      const { seconds, ...output } = await run(result.bin, { ...request, parameter: result.parameter });
      result.seconds.push(seconds);
      Object.assign(result, output);
    }
  }
  for (const { name, seconds, files, bytes } of results) {
    const ratio = median(seconds.map((time, round) => time / (results[0]?.seconds[round] ?? Number.NaN)));
    const figures = [files, (bytes / 1000).toFixed(0), median(seconds).toFixed(2), ratio.toFixed(2)];
    console.log(`| ${services} | ${name} | ${figures.join(" | ")} |`);
  }
}

// Within this process, in CPU time: what is left of it without reading the descriptors, which every plugin does.
console.log("\n| services | read the descriptors, CPU s | generate, CPU s | of it printing, CPU s |");
console.log("|---|---|---|---|");
for (const services of values.services.split(",").map(Number)) {
  const request = { ...benchRequest(services, methods), parameter: options };
  const reads: number[] = [];
  const generates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const set = create(FileDescriptorSetSchema, { file: request.protoFile });
    reads.push(await cpuSecondsOf(() => createFileRegistry(set)));
    generates.push(await cpuSecondsOf(() => generate(request)));
  }
  const printing = median(generates.map((time, round) => time - (reads[round] ?? 0)));
  const figures = [median(reads), median(generates), printing].map((time) => time.toFixed(3));
  console.log(`| ${services} | ${figures.join(" | ")} |`);
}

async function run(
  bin: string,
  request: CodeGeneratorRequest,
): Promise<{ readonly seconds: number; readonly files: number; readonly bytes: number }> {
  const input = toBinary(CodeGeneratorRequestSchema, request);
  let output = new Uint8Array();
  const seconds = await secondsOf(async () => {
    const child = spawn(process.execPath, [bin], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.end(input);
    output = new Uint8Array(await buffer(child.stdout));
  });
  const { file, error } = fromBinary(CodeGeneratorResponseSchema, output);
  if (error !== "") {
    throw new Error(`${bin}: ${error}`);
  }
  return { seconds, files: file.length, bytes: file.reduce((sum, { content }) => sum + content.length, 0) };
}

async function cpuSecondsOf(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000_000;
}

async function secondsOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
