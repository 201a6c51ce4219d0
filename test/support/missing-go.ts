import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { repository } from "./markdown.ts";

/** Why Go and the modules of a folder cannot be had on this machine, in one line; undefined where they are there. */
export async function missingGo(folder: string): Promise<string | undefined> {
  try {
    await promisify(execFile)("go", ["mod", "download", "-C", folder], { cwd: repository });
    return undefined;
  } catch (reason) {
    const { code, stderr = "" } = reason as { code?: unknown; stderr?: string };
    if (code === "ENOENT") {
      return 'there is no "go" on the PATH';
    }
    return `Go cannot get the modules of ${folder} (${stderr.trim().split("\n")[0]})`;
  }
}
