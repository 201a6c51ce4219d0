import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { withParents } from "./package-manager.ts";

const name = "pnpm-workspace.yaml";
const setting = '"@bufbuild/buf": false';

/**
 * pnpm fails where a package has an install script and nothing says whether it may run. Writes that the script of buf need
 * not run, or says what to add to the settings that there are, which may be those of a workspace.
 *
 * @returns a line for the user.
 */
export async function skipBufScript(folder: string): Promise<string> {
  const path = [...withParents(folder)].map((parent) => join(parent, name)).find(existsSync);
  if (path === undefined) {
    await writeFile(join(folder, name), `allowBuilds:\n  ${setting}\n`);
    return `created  ${name}`;
  }
  const shown = relative(folder, path);
  return readFileSync(path, "utf8").includes("@bufbuild/buf")
    ? `kept     ${shown}`
    : `to do    ${shown}: add ${setting} under allowBuilds, or pnpm exits with code 1 (buf works without its install script)`;
}
