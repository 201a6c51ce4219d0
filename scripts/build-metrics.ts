/**
 * Bundles into dist/ the part of prom-client that writes the text of metrics, 13 kB, with its licence: a production
 * install then goes without the package and without 3 MB of packages that it brings.
 */
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = "src/ingress/admin/metrics";

/** The index of prom-client loads everything that it has. */
const parts: Plugin = {
  name: "parts of prom-client",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^prom-client$/ }, ({ path }) => ({ path, namespace: "parts" }));
    onLoad({ filter: /.*/, namespace: "parts" }, () => ({
      resolveDir: root,
      contents: `
        export { default as AggregatorRegistry } from "prom-client/lib/cluster.js";
        export { default as Registry } from "prom-client/lib/registry.js";
      `,
    }));
  },
};

await build({
  absWorkingDir: root,
  entryPoints: [`${folder}/metric-text.ts`],
  outfile: `dist/${folder}/metric-text.js`,
  bundle: true,
  plugins: [parts],
  format: "esm",
  platform: "node",
  legalComments: "inline",
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
});
const license = createRequire(import.meta.url).resolve("prom-client/LICENSE");
copyFileSync(license, join(root, "dist", folder, "prom-client.LICENSE"));
