import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, pagesFolder, repository } from "./folders.ts";
import type { SidebarGroup } from "./sidebar.ts";

/** The packages, as folders from the root of the repository. */
const packages = ["", "codegen"];

/** The public entry points by what they are imported as, with their source files: each package's own list. */
export function entryPoints(): ReadonlyMap<string, string> {
  return new Map(packages.flatMap(entriesOf));
}

/** The address of the page of an entry point. */
export function referenceAddress(entry: string): string {
  return `/reference/${entry}`;
}

/** Writes a page for each entry point from the docstrings of its exports. Dead links in docstrings are errors. */
export function writeReference(): SidebarGroup {
  const entries = entryPoints();
  const options = join(pagesFolder, "typedoc.json");
  const names = [...entries].map(([name, path]) => [path.replace(/(\/index)?\.ts$/, ""), name]);
  writeFileSync(options, JSON.stringify(typedocOptions(entries)));
  const { status } = spawnSync(join(here, "node_modules/.bin/typedoc"), ["--options", options], {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, MODULE_NAMES: JSON.stringify(Object.fromEntries(names)) },
  });
  if (status !== 0) {
    process.exit(1);
  }
  return {
    text: "API reference",
    items: [...entries.keys()].map((text) => ({ text, link: referenceAddress(text) })),
  };
}

function entriesOf(folder: string): [name: string, path: string][] {
  const { name, exports } = JSON.parse(readFileSync(join(repository, folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly "@restate-connect/source"?: string }>>;
  };
  return Object.entries(exports).flatMap(([subpath, target]) => {
    const source = typeof target === "string" ? undefined : target["@restate-connect/source"];
    return source === undefined ? [] : [[join(name, subpath), join(folder, source)]];
  });
}

function typedocOptions(entries: ReadonlyMap<string, string>): object {
  return {
    entryPoints: [...entries.values()].map((path) => join(repository, path)),
    tsconfig: join(repository, "tsconfig.json"),
    displayBasePath: repository,
    skipErrorChecking: true, // npm run typecheck does that, with our own TypeScript
    plugin: ["typedoc-plugin-markdown", join(here, "typedoc-names.js")],
    out: join(pagesFolder, "reference"),
    readme: "none",
    disableSources: true,
    excludeInternal: true,
    excludeExternals: true,
    blockTags: ["@defaultValue", "@example", "@generated", "@param", "@returns", "@see", "@throws"],
    excludeTags: ["@generated"],
    validation: { invalidLink: true, notExported: false },
    treatValidationWarningsAsErrors: true,
    logLevel: "Warn",
    groupOrder: ["Functions", "Variables", "Classes", "Enumerations", "*"],
    outputFileStrategy: "modules",
    entryFileName: "index",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    parametersFormat: "table",
    enumMembersFormat: "table",
    sanitizeComments: true,
    useCodeBlocks: true,
    useHTMLAnchors: true, // its own numbers of equal headings are not those of VitePress
  };
}
