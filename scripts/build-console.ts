/**
 * Builds the console, src/console, into static files, dist/console. `--if-stale` does nothing when the files are
 * newer than their sources, and otherwise says in a line what takes the time.
 */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const target = join(dist, "console");
const sources = ["../src/console", "../generated/restateconnect"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

const isStale = Math.max(...sources.map(newest)) > newest(target);
if (isStale || !process.argv.includes("--if-stale")) {
  console.error("building the console (once, about two seconds)");
  await buildConsole();
}

/** A server may read the files meanwhile: they change in one step. */
async function buildConsole(): Promise<void> {
  const { build } = await import("vite"); // not loaded when there is nothing to do
  mkdirSync(dist, { recursive: true });
  const fresh = mkdtempSync(join(dist, "console-"));
  await build({
    root: sources[0] ?? "",
    configFile: false,
    logLevel: "error",
    base: "./",
    resolve: { conditions: ["@restate-connect/source", "module", "browser"] },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: fresh,
      emptyOutDir: true,
      assetsDir: "console",
      assetsInlineLimit: 0, // the Content-Security-Policy allows no data: URL
      target: "es2022",
      modulePreload: { polyfill: false },
    },
  });
  rmSync(target, { recursive: true, force: true });
  try {
    renameSync(fresh, target);
  } catch (reason) {
    rmSync(fresh, { recursive: true, force: true });
    if (newest(target) === 0) {
      throw reason; // otherwise another process has just built it too
    }
  }
}

/** When a file in this folder last changed, epoch ms. 0: there is no file. */
function newest(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    return Math.max(
      0,
      ...files
        .filter((file) => file.isFile())
        .map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs),
    );
  } catch {
    return 0;
  }
}
