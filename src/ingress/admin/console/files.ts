import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { packageRoot } from "../../../package.ts";

/** A file of the console, ready to be sent. */
export interface ConsoleFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly gzipped: Uint8Array;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The files of the built console by their paths, such as `/index.html`. Rejects when there are none. */
export async function readConsoleFiles(): Promise<ReadonlyMap<string, ConsoleFile>> {
  const folder = fileURLToPath(new URL("dist/console/", packageRoot));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.flatMap(async (entry) => {
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) {
      return [];
    }
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const path = `/${relative(folder, file).replaceAll(sep, "/")}`;
    return [[path, { contentType, bytes, gzipped: await promisify(gzip)(bytes) }] as const];
  });
  return new Map((await Promise.all(files)).flat());
}
