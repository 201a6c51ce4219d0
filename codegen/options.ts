/** The plugin's own options; protoplugin has the others. */
export interface PluginOptions {
  /** What becomes of streaming methods: an error, or a comment in place of the method. Default: "refuse". */
  readonly streaming: "refuse" | "skip";
  /** Type-check what is generated before anything is written. Default: false. */
  readonly check: boolean;
}

/** The options, as a person types them. */
export const optionsHelp = `  streaming=refuse|skip     streaming methods are an error (default), or left out
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
export const defaultOptions: PluginOptions = { streaming: "refuse", check: false };

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
      if (value === "refuse" || value === "skip") return { ...options, streaming: value };
      throw new Error("streaming is refuse or skip");
    case "check":
      if (value === "true" || value === "1") return { ...options, check: true };
      if (value === "false" || value === "0") return { ...options, check: false };
      throw new Error("check is true or false");
    default:
      throw new Error(`there is no option ${key}`);
  }
}
