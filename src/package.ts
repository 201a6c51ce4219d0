import { readFileSync } from "node:fs";

/** The root folder of this package. This file is src/package.ts, or dist/src/package.js once built. */
export const packageRoot: URL = new URL(import.meta.url.endsWith(".ts") ? "../" : "../../", import.meta.url);

/** The version of this package. */
export function packageVersion(): string {
  const text = readFileSync(new URL("package.json", packageRoot), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
