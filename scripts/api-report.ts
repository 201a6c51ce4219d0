/**
 * Writes docs/api/: what each entry of both packages exports, as declarations without comments. A change of the public
 * API shows there in a diff. Exits 1 when two entries export the same name with different declarations, and with
 * --check when the committed files differ.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Node, Project, type SourceFile, ts } from "ts-morph";

/** The source file of each entry, and the module name that it is imported by. */
const entries: ReadonlyMap<string, string> = new Map([
  ["restate-connect", "src/client/index.ts"],
  ["restate-connect/codegen", "src/client/codegen.ts"],
  ["restate-connect/json", "src/json/index.ts"],
  ["restate-connect/web", "src/transport/web.ts"],
  ["restate-connect/web/connect", "src/transport/web-connect.ts"],
  ["restate-connect/web/grpc-web", "src/transport/web-grpc-web.ts"],
  ["restate-connect/node", "src/transport/node.ts"],
  ["restate-connect/opentelemetry", "src/opentelemetry/index.ts"],
  ["restate-connect/ingress", "src/ingress/index.ts"],
  ["restate-connect/engine", "src/engine/index.ts"],
  ["restate-connect/endpoint", "src/endpoint/index.ts"],
  ["restate-connect/reflection", "src/reflection/index.ts"],
  ["restate-connect/testing", "src/testing/index.ts"],
  ["protoc-gen-restate-es/scaffold", "codegen/scaffold/index.ts"],
]);

/** Entries that an application imports one or the other of: their names mean the same for each runtime. */
const alternatives: ReadonlySet<string> = new Set([
  "restate-connect/web",
  "restate-connect/web/connect",
  "restate-connect/web/grpc-web",
  "restate-connect/node",
]);

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = join(root, "docs/api");

interface Export {
  readonly name: string;
  readonly declarations: readonly Node[];
}

const declared = declarationsOf([...entries.values()]);
const exportsOf = new Map([...entries].map(([module, path]) => [module, readExports(declared, path)]));
/** The first entry that exports a declaration: others only name it. */
const ownerOf: ReadonlyMap<Node, string> = new Map(
  [...exportsOf]
    .reverse()
    .flatMap(([module, list]) =>
      list.flatMap(({ declarations }) => declarations.map((node) => [node, module] as const)),
    ),
);
const problems = [...conflicts(exportsOf), ...compareOrWrite(reports(exportsOf))];
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}

/** A project of the declarations that the compiler emits for these files and what they import. */
function declarationsOf(paths: readonly string[]): Project {
  const project = new Project({
    tsConfigFilePath: join(root, "tsconfig.json"),
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
    },
  });
  project.addSourceFilesAtPaths(paths.map((path) => join(root, path)));
  project.resolveSourceFileDependencies();
  const emitted = project.emitToMemory({ emitOnlyDtsFiles: true });
  const result = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: { noLib: true, module: ts.ModuleKind.NodeNext },
  });
  for (const { filePath, text } of emitted.getFiles()) {
    result.createSourceFile(`/${relative(root, filePath)}`, text);
  }
  return result;
}

function readExports(project: Project, path: string): readonly Export[] {
  const file = project.getSourceFileOrThrow(`/${path.replace(/\.ts$/, ".d.ts")}`);
  return [...file.getExportedDeclarations()]
    .map(([name, declarations]) => ({ name, declarations }))
    .sort((a, b) => compare(a.name, b.name));
}

/** What each file of docs/api/ says, by its name. */
function reports(exported: ReadonlyMap<string, readonly Export[]>): ReadonlyMap<string, string> {
  return new Map(
    [...exported].map(([module, list]) => {
      const file = `${module.replaceAll("/", ".")}.d.ts`;
      const path = `/${(entries.get(module) ?? "").replace(/\.ts$/, ".d.ts")}`;
      return [file, report(module, list, declared.getSourceFileOrThrow(path))];
    }),
  );
}

function report(module: string, list: readonly Export[], file: SourceFile): string {
  const exported = list.flatMap(({ declarations }) => declarations);
  const own = exported.filter((node) => ownerOf.get(node) === module);
  const reached = reachedFrom(own).filter((node) => !exported.includes(node));
  const internal = reached.filter((node) => !ownerOf.has(node));
  const parts = [
    `// What "${module}" exports. Written by npm run api: do not edit.`,
    lists("import type", reached),
    [
      ...externals(file),
      lists(
        "export",
        exported.filter((node) => ownerOf.get(node) !== module),
      ),
    ].join("\n"),
    ...own.map(print),
    ...(internal.length === 0 ? [] : ["// Not exported, and part of the declarations above."]),
    ...internal.map((node) => print(node).replace(/^export /, "")).sort(compare),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A line for each entry that exports some of these declarations. */
function lists(keyword: "export" | "import type", nodes: readonly Node[]): string {
  return [...entries.keys()]
    .map((module) => ({ module, names: nodes.filter((node) => ownerOf.get(node) === module).map(nameOf) }))
    .filter(({ names }) => names.length > 0)
    .map(
      ({ module, names }) =>
        `${keyword} { ${[...new Set(names)].sort(compare).join(", ")} } from "${module}";`,
    )
    .join("\n");
}

function nameOf(node: Node): string {
  return node.getSymbol()?.getName() ?? "";
}

/** What an entry hands on from other packages. */
function externals(file: SourceFile): readonly string[] {
  return file
    .getExportDeclarations()
    .filter((node) => node.getModuleSpecifierValue()?.startsWith(".") === false)
    .map(print);
}

/** Our own declarations that others refer to, directly or through others that no entry exports. */
function reachedFrom(start: readonly Node[]): readonly Node[] {
  const found = new Set(start);
  for (const node of found) {
    if (ownerOf.has(node) && !start.includes(node)) {
      continue;
    }
    for (const identifier of node.getDescendantsOfKind(ts.SyntaxKind.Identifier)) {
      if (identifier.getFirstAncestorByKind(ts.SyntaxKind.JSDoc) !== undefined) {
        continue;
      }
      const symbol = identifier.getSymbol();
      const target = symbol?.getAliasedSymbol() ?? symbol;
      for (const declaration of target?.getDeclarations() ?? []) {
        if (isTopLevel(declaration)) {
          found.add(declaration);
        }
      }
    }
  }
  return [...found];
}

function isTopLevel(node: Node): boolean {
  const kinds = [
    ts.SyntaxKind.InterfaceDeclaration,
    ts.SyntaxKind.TypeAliasDeclaration,
    ts.SyntaxKind.ClassDeclaration,
    ts.SyntaxKind.EnumDeclaration,
    ts.SyntaxKind.FunctionDeclaration,
    ts.SyntaxKind.VariableDeclaration,
  ];
  return kinds.includes(node.getKind());
}

function print(node: Node): string {
  const statement =
    node.getFirstAncestorByKind(ts.SyntaxKind.VariableStatement) ??
    node.getFirstAncestorByKind(ts.SyntaxKind.ModuleDeclaration) ?? // an entry adds to a type of another
    node;
  const printer = ts.createPrinter({ removeComments: true });
  return printer
    .printNode(ts.EmitHint.Unspecified, statement.compilerNode, node.getSourceFile().compilerNode)
    .replace(/^export declare /, "export ")
    .replace(/^declare (?!module)/, "");
}

/** Names that two entries export with different declarations. */
function conflicts(exported: ReadonlyMap<string, readonly Export[]>): readonly string[] {
  const first = new Map<string, { readonly module: string; readonly declaration: Node | undefined }>();
  return [...exported].flatMap(([module, list]) =>
    list.flatMap(({ name, declarations: [declaration] }) => {
      const known = first.get(name);
      first.set(name, known ?? { module, declaration });
      if (known === undefined || known.declaration === declaration) {
        return [];
      }
      const isMeant = alternatives.has(known.module) && alternatives.has(module);
      return isMeant ? [] : [`${name} is exported by ${known.module} and, with other members, by ${module}`];
    }),
  );
}

function compareOrWrite(files: ReadonlyMap<string, string>): readonly string[] {
  const committed = existsSync(folder) ? readdirSync(folder) : [];
  const changed = [...files].filter(
    ([name, text]) => !committed.includes(name) || readFileSync(join(folder, name), "utf8") !== text,
  );
  const stale = committed.filter((name) => !files.has(name));
  if (process.argv.includes("--check")) {
    const names = [...changed.map(([name]) => name), ...stale];
    return names.length === 0
      ? []
      : [`the public API changed: run npm run api, and commit docs/api/${names}`];
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of changed) {
    writeFileSync(join(folder, name), text);
  }
  for (const name of stale) {
    rmSync(join(folder, name));
  }
  return [];
}

/** Order by code units: the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
