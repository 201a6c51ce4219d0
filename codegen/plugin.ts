import type { CodeGeneratorRequest, CodeGeneratorResponse } from "@bufbuild/protobuf/wkt";
import { createEcmaScriptPlugin } from "@bufbuild/protoplugin";
import { type PluginOptions, parseOptions } from "./options.ts";
import { printFiles } from "./print.ts";
import { version } from "./version.ts";

/** The plugin's name, as buf and protoc look for it. */
export const pluginName = "protoc-gen-restate-es";

/**
 * Generates the typed clients of the services in a request.
 *
 * @throws Error for an unknown option.
 */
export async function generate(request: CodeGeneratorRequest): Promise<CodeGeneratorResponse> {
  const plugin = createEcmaScriptPlugin<PluginOptions>({
    name: pluginName,
    version: `v${version}`,
    parseOptions: (given) => parseOptions(given),
    generateTs: printFiles,
    generateJs: printFiles,
    generateDts: printFiles,
  });
  return plugin.run(request);
}
