import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { UsageError } from "../usage-error.ts";
import { type BufGenConfig, readBufGenConfig } from "./buf-config.ts";
import { generatedFiles, missingImports } from "./generated-files.ts";
import { captureCommand } from "./run-command.ts";
import { watchProtos } from "./watch-protos.ts";

/** The options of `restate-connect generate`. */
export interface GenerateOptions {
  readonly watch?: true | undefined;
}

/**
 * Runs `buf generate` and prints a summary; with `watch` again after each change, until the process is interrupted.
 *
 * @throws UsageError when buf fails or the generated files import files that were not generated.
 */
export async function generate(options: GenerateOptions): Promise<void> {
  const config = readBufGenConfig();
  if (options.watch !== true) {
    await generateOnce(config);
    return;
  }
  await reportErrors(() => generateOnce(config));
  const changes = watchProtos(config.inputs);
  process.stdout.write(`watching ${config.inputs.join(", ")} (Ctrl-C stops it)\n`);
  for await (const _ of changes) {
    await reportErrors(() => generateOnce(readBufGenConfig()));
  }
}

async function generateOnce({ inputs, outputs }: BufGenConfig): Promise<void> {
  const start = performance.now();
  process.stderr.write("generating ...\n");
  const [generated, counts] = await Promise.all([
    captureCommand("buf", ["generate"], process.cwd()),
    countServices(inputs),
  ]);
  process.stderr.write(generated.stderr);
  if (generated.code !== 0) {
    throw new UsageError(`buf generate failed${hintFor(generated.stderr)}`);
  }
  const files = generatedFiles(outputs);
  const [missing] = missingImports(files);
  if (missing !== undefined) {
    throw new UsageError(
      `${missing.importer} imports ${missing.missing}, which was not generated: ` +
        "add include_imports: true to protoc-gen-es in buf.gen.yaml",
    );
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(
    `generated ${count(files.length, "file")} in ${outputs.join(", ")}: ` +
      `${count(counts.services, "service")}, ${count(counts.methods, "method")}, ${seconds} s\n`,
  );
}

/** The services and methods of the protos, without those they import. Buf says what is wrong with the protos. */
async function countServices(inputs: readonly string[]) {
  const services = [];
  for (const input of inputs) {
    const args = ["build", input, "--exclude-imports", "--output", "-#format=binpb"];
    const { code, stdout } = await captureCommand("buf", args, process.cwd());
    if (code === 0) {
      services.push(...fromBinary(FileDescriptorSetSchema, stdout).file.flatMap((file) => file.service));
    }
  }
  const methods = services.reduce((total, { method }) => total + method.length, 0);
  return { services: services.length, methods };
}

function hintFor(stderr: string): string {
  const [, plugin] = /(protoc-gen-[\w-]+).*(?:not found|no such file|could not find)/i.exec(stderr) ?? [];
  const packageName = plugin === "protoc-gen-es" ? "@bufbuild/protoc-gen-es" : plugin;
  return packageName === undefined
    ? ": see the messages above"
    : `: install the plugin with npm install --save-dev ${packageName}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

async function reportErrors(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (reason) {
    if (!(reason instanceof UsageError)) {
      throw reason;
    }
    process.stderr.write(`restate-connect: ${reason.message}\n`);
  }
}
