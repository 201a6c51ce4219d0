import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { type CodeBlock, codeBlocks, repository } from "../support/markdown.ts";

/** The page that has the app. */
export const blocks: readonly CodeBlock[] = codeBlocks(join(repository, "docs/react.md"));

// Within the repository, so that restate-connect means this package.
const folder = join(repository, ".cache/react");

/** Writes the files that docs/react.md shows, and a project to compile them. Returns the path of the project. */
export function writeApp(baseUrl: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = blocks.flatMap(({ fileName, text }) => (fileName === undefined ? [] : [{ fileName, text }]));
  for (const { fileName, text } of files) {
    const here = text
      .replaceAll("http://localhost:8080", baseUrl)
      .replaceAll(/"\.\/gen\/(.*)\.js"/g, '"../../generated/$1.ts"');
    writeFileSync(join(folder, fileName), here);
  }
  const project = {
    extends: "../../tsconfig.json",
    compilerOptions: { jsxImportSource: "react" },
    include: [],
    files: files.map(({ fileName }) => fileName),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
  return folder;
}

/** Bundles what {@link writeApp} wrote: the files of a site. */
export async function bundleApp(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, "main.tsx")],
    bundle: true,
    conditions: ["@restate-connect/source", "browser"],
    define: { "process.env.NODE_ENV": '"production"' },
    format: "esm",
    write: false,
    logLevel: "error",
  });
  return new Map([
    ["/index.html", '<link rel="icon" href="data:,"><body><script type="module" src="/main.js"></script>'],
    ["/main.js", outputFiles[0]?.text ?? ""],
  ]);
}
