import { create } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { createEcmaScriptPlugin, type Plugin, type Schema, type Target } from "@bufbuild/protoplugin";
import { addDenoTypes } from "./deno-types.ts";
import { GenerateError } from "./generate-error.ts";
import { defaultOptions, optionsHelp, type PluginOptions, parseOptions } from "./options.ts";
import { printFiles } from "./print.ts";
import { refuseProblems } from "./refuse.ts";
import { version } from "./version.ts";

/** Name of the plugin, under which buf and protoc look for its executable. */
export const pluginName = "protoc-gen-restate-es";

/**
 * Generates the typed clients for the services in a request. Errors in the proto files or in the options
 * become the `error` of the response, which buf prints. `check` has the same effect as the option `check`.
 */
export async function generate(request: CodeGeneratorRequest, check = false): Promise<CodeGeneratorResponse> {
  let options = defaultOptions;
  const plugin = createPlugin((parsed) => {
    options = parsed;
  });
  try {
    const response = plugin.run(request);
    addDenoTypes(response);
    if (check || options.check) {
      const { checkTypes } = await import("./check.ts");
      await checkTypes(request, plugin, options);
    }
    return response;
  } catch (reason) {
    const error = messageForUser(reason);
    if (error === undefined) {
      throw reason;
    }
    return create(CodeGeneratorResponseSchema, { error });
  }
}

function createPlugin(onOptions: (options: PluginOptions) => void): Plugin {
  return createEcmaScriptPlugin<PluginOptions>({
    name: pluginName,
    version: `v${version}`,
    parseOptions(given) {
      const options = parseOptions(given);
      onOptions(options);
      return options;
    },
    generateTs: generateTarget,
    generateJs: generateTarget,
    generateDts: generateTarget,
  });
}

function generateTarget(schema: Schema<PluginOptions>, target: Target): void {
  refuseProblems(schema.files, schema.options.streaming);
  printFiles(schema, target);
}

/** Returns the message for the user. Undefined for a bug of the plugin, whose stack goes to stderr. */
function messageForUser(reason: unknown): string | undefined {
  // buf puts its own text in front of the first line.
  if (reason instanceof GenerateError) {
    return `\n${reason.message}`;
  }
  if (reason instanceof Error && reason.name === "PluginOptionError") {
    return `${reason.message}; the options are:\n${optionsHelp}`;
  }
  return undefined;
}
