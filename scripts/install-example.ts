/**
 * Packs both packages of this clone and installs them in folders of `examples/`, with all that these need:
 * `npm run example checkout`. Outside of a clone, `npm install` in the folder does it, with the published packages.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = process.argv.slice(2);
const unknown = names.filter((name) => !existsSync(join(root, "examples", name, "package.json")));
if (names.length === 0 || unknown.length > 0) {
  throw new Error(`name folders of examples/ that have a package.json, not: ${unknown.join(", ") || "none"}`);
}

const tarballs = mkdtempSync(join(tmpdir(), "restate-connect-example-"));
try {
  await npm(root, "pack", "--pack-destination", tarballs);
  await npm(root, "pack", "--pack-destination", tarballs, "--workspace", "protoc-gen-restate-es");
  const packages = readdirSync(tarballs).map((name) => join(tarballs, name));
  // No package needs its install script.
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--prefer-offline"];
  await Promise.all(
    names.map((name) => npm(join(root, "examples", name), "install", ...options, ...packages)),
  );
} finally {
  rmSync(tarballs, { recursive: true });
}

/** Runs npm, and throws with what it wrote if it fails. */
async function npm(cwd: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)("npm", [...args, "--no-audit", "--no-fund"], { cwd });
}
