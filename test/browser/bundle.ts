import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A page as a web server needs it, and the modules it was made of. */
export interface Bundle {
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
  readonly modules: readonly string[];
}

/** Bundles the page of this folder as an app would, and keeps the result in memory. */
export async function bundlePage(folder: "app" | "traced-page"): Promise<Bundle> {
  const result = await build({
    root: fileURLToPath(new URL(folder, import.meta.url)),
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@restate-connect/source", "module", "browser"] },
    build: { write: false, target: "es2022" },
  });
  if (Array.isArray(result) || !("output" in result)) {
    throw new Error("Vite did not answer with the one bundle it was asked for");
  }
  const files = new Map<string, string>();
  const modules: string[] = [];
  for (const part of result.output) {
    files.set(`/${part.fileName}`, part.type === "chunk" ? part.code : String(part.source));
    modules.push(...(part.type === "chunk" ? part.moduleIds : []));
  }
  return { files, modules };
}
