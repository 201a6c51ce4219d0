/** The plugin's own options; protoplugin has the others. */
export interface PluginOptions {
  /** What becomes of streaming methods: an error, or a comment in place of the method. Default: "refuse". */
  readonly streaming: "refuse" | "skip";
  /** Also write clients that are typed by JSON and need no Protobuf at run time. Default: false. */
  readonly jsonClient: boolean;
  /** Type-check what is generated before anything is written. Default: false. */
  readonly check: boolean;
}

/** The options, as a person types them. */
export const optionsHelp = `  streaming=refuse|skip     streaming methods are an error (default), or left out
  json_client=true|false    also write x_restate_json.ts: clients without Protobuf at run time
  check=true|false          type-check what is generated before anything is written
  target=ts|js|dts          what to write, several joined by + (default js+dts)
  import_extension=js|ts|none
  js_import_style=module|legacy_commonjs
  keep_empty_files=true|false
  ts_nocheck=true|false
  elide_plugin_version=true|false
  rewrite_imports=<pattern>:<target>
  map_imports=<pattern>:<target>`;

/** What a plugin gets when it is given none of its own options. */
export const defaultOptions: PluginOptions = { streaming: "refuse", jsonClient: false, check: false };

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
      throw new Error("streaming is refuse or skip");
    case "json_client":
      return { ...options, jsonClient: parseBoolean(key, value) };
    case "check":
      return { ...options, check: parseBoolean(key, value) };
    default:
      throw new Error(`there is no option ${key}`);
  }
}

function parseBoolean(key: string, value: string): boolean {
  if (value === "true" || value === "1") {
    return true;
  }
  if (value === "false" || value === "0") {
    return false;
  }
  throw new Error(`${key} is true or false`);
}
