// npm packs package.json as it lies there. Before that, "strip" takes out what means something in this repository
// only, and after it "restore" puts it back. Plain JavaScript, for any Node.
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const manifest = new URL("../package.json", import.meta.url);
const whole = new URL("../.package.json.whole", import.meta.url);

if (existsSync(whole)) {
  renameSync(whole, manifest); // also what a pack that was cut short left behind
}
if (process.argv[2] === "strip") {
  const { workspaces, allowScripts, scarfSettings, ...published } = JSON.parse(
    readFileSync(manifest, "utf8"),
  );
  delete published.scripts.prepare; // scripts/ is not published
  copyFileSync(manifest, whole);
  writeFileSync(manifest, `${JSON.stringify(published, undefined, 2)}\n`);
}
