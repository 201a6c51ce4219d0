// npm 10 installs the Node of tools/node, and then takes its link in node_modules/.bin away with those of the
// platforms that it did not install. Puts it back. Plain JavaScript, for any Node.
import { existsSync, readFileSync, symlinkSync } from "node:fs";

const root = new URL("../", import.meta.url);
const { optionalDependencies } = JSON.parse(readFileSync(new URL("tools/node/package.json", root), "utf8"));
const link = new URL("node_modules/.bin/node", root);
const installed = Object.keys(optionalDependencies).find((name) =>
  existsSync(new URL(`node_modules/${name}/bin/node`, root)),
);

if (installed !== undefined && !existsSync(link)) {
  symlinkSync(`../${installed}/bin/node`, link);
}
