import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { pinned } from "../measure/cores.ts";

export interface Plugin {
  readonly name: string;
  readonly file: string;
  readonly parameter: string;
}

const ours = fileURLToPath(new URL("../../codegen/dist/codegen/bin.js", import.meta.url));
const es = createRequire(import.meta.url).resolve("@bufbuild/protoc-gen-es/bin/protoc-gen-es");
const parameter = "target=ts,import_extension=js";

export const plugins: readonly Plugin[] = [
  { name: "protoc-gen-es", file: es, parameter },
  { name: "protoc-gen-restate-es", file: ours, parameter: `${parameter},streaming=skip` },
];

/** What a plugin made of a request. */
export interface PluginRun {
  readonly seconds: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Starts a plugin on one core, and gives it the request.
 *
 * @throws Error with the plugin's own words when it refuses the request, or when it makes no files.
 */
export async function runPlugin(
  { name, file, ...plugin }: Plugin,
  input: Uint8Array,
  core: string | undefined,
): Promise<PluginRun> {
  const [command, args] = pinned(core, process.execPath, [file]);
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(input);
  const output = await buffer(child.stdout);
  const seconds = (performance.now() - started) / 1_000;
  const { file: files, error } = fromBinary(CodeGeneratorResponseSchema, output);
  if (error !== "" || files.length === 0) {
    throw new Error(`${name} (${plugin.parameter}) made ${files.length} files: ${error.slice(0, 2_000)}`);
  }
  return { seconds, files: files.length, bytes: files.reduce((sum, { content }) => sum + content.length, 0) };
}
