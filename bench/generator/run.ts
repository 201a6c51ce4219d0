import { toBinary } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import type { BenchContext, RunPart } from "../context.ts";
import { type Turn, takeTurns } from "../measure/take-turns.ts";
import { googleapisRequest } from "../peers/googleapis.ts";
import { type Plugin, plugins, runPlugin } from "./plugins.ts";
import { benchRequest } from "./protos.ts";

/** The generator next to protoc-gen-es: a process of each, with the same request on stdin, as from buf. */
export const run: RunPart = async (context) => {
  const made = benchRequest(100, 10);
  const measurements = [await measure(context, "100 services of 10 methods", made, context.rounds)];
  if (!context.isQuick) {
    const googleapis = googleapisRequest(context.progress);
    const work = `googleapis: all ${googleapis.fileToGenerate.length} files with services`;
    // One round takes minutes, and differences of percents do not matter.
    measurements.push(await measure(context, work, googleapis, 1));
  }
  return measurements.flat();
};

async function measure(context: BenchContext, work: string, request: CodeGeneratorRequest, rounds: number) {
  const turns = plugins.map((plugin): Turn => {
    const input = toBinary(CodeGeneratorRequestSchema, { ...request, parameter: plugin.parameter });
    return { work, contender: plugin.name, measure: () => figures(context, plugin, input) };
  });
  return takeTurns(turns, rounds, (line) => context.progress(`${work}: ${line}`));
}

async function figures({ cores }: BenchContext, plugin: Plugin, input: Uint8Array) {
  const { seconds, files, bytes } = await runPlugin(plugin, input, cores?.server);
  return { seconds, files, kilobytes: bytes / 1_000 };
}
