import { create, createFileRegistry } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Plugin } from "@bufbuild/protoplugin";
import { compile } from "./check-compile.ts";
import { locateDiagnostic } from "./check-locate.ts";
import { generateMessages } from "./check-messages.ts";
import { GenerateError } from "./generate-error.ts";
import { loadTsMorph } from "./load-ts-morph.ts";
import type { PluginOptions } from "./options.ts";

/**
 * Type-checks the code that the plugin generates for a request, together with the code from protoc-gen-es
 * and the packages that are installed where buf runs. Writes no files.
 *
 * @throws GenerateError with a line for each error, with its place in the proto file where possible.
 */
export async function checkTypes(
  request: CodeGeneratorRequest,
  plugin: Plugin,
  { jsonClient }: PluginOptions,
): Promise<void> {
  const tsMorph = await loadTsMorph("check=true");
  const parameter = "target=ts,import_extension=js";
  const clients = plugin.run({
    ...request,
    parameter: `${parameter},streaming=skip,json_client=${jsonClient}`,
  }).file;
  const messages = generateMessages({ ...request, parameter: `${parameter},json_types=${jsonClient}` });
  const diagnostics = compile(tsMorph, [...messages, ...clients]);
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  const lines = diagnostics.map((diagnostic) => locateDiagnostic(tsMorph, diagnostic, registry));
  if (lines.length > 0) {
    throw new GenerateError([...new Set(lines)].join("\n"));
  }
}
