import { buffer } from "node:stream/consumers";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { optionsHelp } from "./options.ts";
import { generate, pluginName } from "./plugin.ts";
import { version } from "./version.ts";

const help = `${pluginName} ${version}: typed clients for Restate from Protobuf services.

This is a plugin for buf: it reads the proto files from stdin and writes the generated files to stdout.
Name it in buf.gen.yaml, next to protoc-gen-es, and run \`buf generate\`:

  version: v2
  clean: true
  plugins:
    - local: protoc-gen-es
      out: gen
      strategy: all
      include_imports: true
      opt: [target=ts, import_extension=js]
    - local: ${pluginName}
      out: gen
      strategy: all
      opt: [target=ts, import_extension=js]

Options:
${optionsHelp}

--check is the same as check=true: local: [${pluginName}, --check]
`;

/**
 * Implements the plugin protocol of buf and protoc: a request on stdin, a response on stdout. Errors in
 * the proto files or the options are part of the response.
 *
 * @returns the exit code.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [arg] = args;
  if (arg === "--version" || arg === "-v") {
    process.stdout.write(`${pluginName} ${version}\n`);
    return 0;
  }
  if (arg === "--help" || arg === "-h") {
    process.stdout.write(help);
    return 0;
  }
  const flag = args.length === 1 && arg === "--check";
  if ((arg !== undefined && !flag) || process.stdin.isTTY) {
    process.stderr.write(help);
    return 1;
  }
  const request = fromBinary(CodeGeneratorRequestSchema, await buffer(process.stdin));
  const response = await generate(request, flag);
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
  return 0;
}
