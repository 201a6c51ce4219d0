import { execFile } from "node:child_process";
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What one page weighs, bytes. Bundled and minified by esbuild, split where it imports dynamically. */
export interface PageSize {
  /** The files that a call loads. */
  readonly loaded: { readonly minified: number; readonly gzip: number; readonly files: number };
  /** All files: also what other calls would load. */
  readonly everything: { readonly minified: number; readonly gzip: number; readonly files: number };
}

export interface MeasurePageOptions {
  /** A server that answers the page's call with "Hello world". */
  readonly url: string;
  /** For a bundle of the sources instead of dist/. */
  readonly conditions?: readonly string[];
}

/**
 * Bundles a page, loads the bundle, and weighs the files that were loaded for its call.
 *
 * @throws Error when the page's call does not give "Hello world".
 */
export async function measurePage(
  page: URL,
  { url, conditions = [] }: MeasurePageOptions,
): Promise<PageSize> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(page)],
    outdir: "out",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions: [...conditions],
    write: false,
    logLevel: "error",
  });
  using folder = mkdtempDisposableSync(join(tmpdir(), "page-"));
  writeFileSync(join(folder.path, "package.json"), '{ "type": "module" }');
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  for (const [name, contents] of files) {
    const file = join(folder.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  const entry = join(folder.path, `${basename(page.pathname, ".ts")}.js`);
  const { greeting, loaded } = await loadPage(entry, url);
  if (greeting !== "Hello world") {
    throw new Error(`${page}: the page's call gave ${JSON.stringify(greeting)}`);
  }
  return {
    loaded: weigh(loaded.map((file) => files.get(basename(file)) ?? new Uint8Array())),
    everything: weigh([...files.values()]),
  };
}

interface LoadedPage {
  readonly greeting: unknown;
  /** URLs of the files. */
  readonly loaded: readonly string[];
}

async function loadPage(entry: string, url: string): Promise<LoadedPage> {
  const script = fileURLToPath(new URL("./load-page.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, entry, url]);
  // load-page.ts prints this.
  return JSON.parse(stdout) as LoadedPage;
}

/** Each file is compressed by itself, as a server does it. */
function weigh(files: readonly Uint8Array[]): PageSize["loaded"] {
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    minified: sum(files.map(({ length }) => length)),
    gzip: sum(files.map((file) => gzipSync(file, { level: 9 }).length)),
    files: files.length,
  };
}
