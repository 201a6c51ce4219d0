/** Exits with 1 if `buf generate` changes `generated/`: the committed files do not match the protos. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../generated", import.meta.url));

const before = contents();
execFileSync("buf", ["generate"], { stdio: "inherit", cwd: join(folder, "..") });
const after = contents();

const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (path) => before.get(path) !== after.get(path),
);
if (changed.length > 0) {
  console.error(`generated/ was stale: ${changed.join(", ")}. Now it is fresh: commit it`);
  process.exitCode = 1;
}

function contents(): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}
