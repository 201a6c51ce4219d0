/**
 * Bundles into dist/ the one hash that the engine takes from hash-wasm, 20 of its 1,800 kB, with its licence: a
 * production install then goes without the package.
 */
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = "src/engine/embedded/ids";

await build({
  absWorkingDir: root,
  entryPoints: [`${folder}/partition-key.ts`],
  outfile: `dist/${folder}/partition-key.js`,
  bundle: true,
  format: "esm",
  platform: "node",
  mainFields: ["module"], // the one that tree shaking works on
  legalComments: "inline",
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
});
const license = createRequire(import.meta.url).resolve("hash-wasm/LICENSE");
copyFileSync(license, join(root, "dist", folder, "hash-wasm.LICENSE"));
