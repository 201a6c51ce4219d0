import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = new Set<string>();

/** Creates an empty folder in the temporary directory of the system. It is deleted when the process exits. */
export function temporaryFolder(name: string): string {
  if (folders.size === 0) {
    process.once("exit", removeAll);
  }
  const path = mkdtempSync(join(tmpdir(), `restate-connect-${name}-`));
  folders.add(path);
  return path;
}

function removeAll(): void {
  for (const path of folders) {
    rmSync(path, { recursive: true, force: true });
  }
}
