import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The files below folders that a generator wrote to. */
export function generatedFiles(folders: readonly string[]): readonly string[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted(),
    );
}

/** A generated file that imports a file which was not generated. */
export interface MissingImport {
  readonly importer: string;
  readonly missing: string;
}

/**
 * Finds imports of files that were not generated. `buf generate` and often `tsc` succeed without them, and the
 * program fails when it starts.
 */
export function missingImports(files: readonly string[]): readonly MissingImport[] {
  const known = new Set(files.map(withoutExtension));
  const found = new Map<string, MissingImport>();
  for (const importer of files) {
    for (const [, specifier = ""] of readFileSync(importer, "utf8").matchAll(
      /(?:from|require\() ?"(\.[^"]+)"/g,
    )) {
      const missing = withoutExtension(join(dirname(importer), specifier));
      if (!known.has(missing) && !found.has(missing)) {
        found.set(missing, { importer: relative(".", importer), missing: relative(".", missing) });
      }
    }
  }
  return [...found.values()];
}

function withoutExtension(path: string): string {
  return path.replace(/(\.d)?\.[cm]?[jt]s$/, "");
}
