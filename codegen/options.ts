/** The plugin's own options; protoplugin defines the others. */
export interface PluginOptions {
  /** Streaming methods are an error ("refuse", the default), or are replaced by a comment ("skip"). */
  readonly streaming: "refuse" | "skip";
  /** Also write clients that use JSON types and run without Protobuf. Default: false. */
  readonly jsonClient: boolean;
  /** Type-check the generated code before it is written. Default: false. */
  readonly check: boolean;
}

/** The options as `--help` shows them. */
export const optionsHelp = `  streaming=refuse|skip     streaming methods are an error (default), or are left out
  json_client=true|false    also write x_restate_json.ts: clients without Protobuf at run time
  check=true|false          type-check the generated code before it is written
  target=ts|js|dts          kinds of files to write, joined by + (default js+dts)
  import_extension=js|ts|none
  js_import_style=module|legacy_commonjs
  keep_empty_files=true|false
  ts_nocheck=true|false
  elide_plugin_version=true|false
  rewrite_imports=<pattern>:<target>
  map_imports=<pattern>:<target>`;

/** The defaults of the plugin's own options. */
export const defaultOptions: PluginOptions = { streaming: "refuse", jsonClient: false, check: false };

/** Options that protoc-gen-es has and protoplugin does not: accepted, so that both plugins can have the same options. */
const messageOptions: ReadonlySet<string> = new Set(["erasable_syntax", "json_types", "valid_types"]);

/**
 * Reads the plugin's own options.
 *
 * @throws Error for an unknown option or value.
 */
export function parseOptions(given: readonly { key: string; value: string }[]): PluginOptions {
  return given.reduce(parseOption, defaultOptions);
}

function parseOption(options: PluginOptions, { key, value }: { key: string; value: string }): PluginOptions {
  switch (key) {
    case "streaming":
      if (value === "refuse" || value === "skip") {
        return { ...options, streaming: value };
      }
      throw new Error("streaming must be refuse or skip");
    case "json_client":
      return { ...options, jsonClient: parseBoolean(key, value) };
    case "check":
      return { ...options, check: parseBoolean(key, value) };
    default:
      if (messageOptions.has(key)) {
        return options;
      }
      throw new Error(`unknown option ${key}`);
  }
}

function parseBoolean(key: string, value: string): boolean {
  if (value === "true" || value === "1") {
    return true;
  }
  if (value === "false" || value === "0") {
    return false;
  }
  throw new Error(`${key} must be true or false`);
}
