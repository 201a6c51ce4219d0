/** Completes dist/cjs/: says that it is CommonJS, and where its test environments are, which exist as ES modules only. */
import { writeFileSync } from "node:fs";

const folder = new URL("../dist/cjs/", import.meta.url);

writeFileSync(new URL("package.json", folder), JSON.stringify({ type: "commonjs", sideEffects: false }));
writeFileSync(
  new URL("src/testing/start-environment.js", folder),
  'module.exports = require("../../../src/testing/start-environment.js");\n',
);
