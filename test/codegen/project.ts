import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execute, type Files, type Folder, optionFiles, root, temporaryFolder } from "./support.ts";

const compilerOptions = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable", "dom", "dom.iterable"],
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
  customConditions: ["@restate-connect/source"],
};

/** A project of somebody who uses this package: `proto/` with Restate's options, the dependencies, a tsconfig.json. */
export async function userProject(files: Files): Promise<Folder> {
  const folder = await temporaryFolder({
    ...files,
    "buf.yaml": "version: v2\nmodules: [{ path: proto }]\n",
    "package.json": JSON.stringify({ name: "acme", type: "module" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { ...compilerOptions, module: "nodenext", allowImportingTsExtensions: true },
    }),
    "tsconfig.bundler.json": JSON.stringify({
      compilerOptions: {
        ...compilerOptions,
        module: "esnext",
        moduleResolution: "bundler",
        allowImportingTsExtensions: true,
        skipLibCheck: false,
      },
    }),
  });
  for (const name of optionFiles) {
    await cp(join(root, "proto", name), join(folder.path, "proto", name));
  }
  const modules = join(folder.path, "node_modules");
  await mkdir(modules);
  await symlink(root, join(modules, "restate-connect"));
  for (const scope of ["@bufbuild", "@connectrpc"]) {
    await symlink(join(root, "node_modules", scope), join(modules, scope));
  }
  return folder;
}

/** Generates with buf, protoc-gen-es and this plugin, into `gen/` of a project. */
export async function bufGenerate(
  folder: string,
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<void> {
  const output = { out: "gen", strategy: "all" };
  const own = options.filter((option) => !/^(check|streaming|json_client)=/.test(option));
  const jsonTypes = options.includes("json_client=true") ? ["json_types=true"] : [];
  const template = JSON.stringify({
    version: "v2",
    clean: true,
    plugins: [
      { ...output, local: "protoc-gen-es", opt: [...own, ...jsonTypes] },
      { ...output, local: ["node", join(root, "codegen/bin.ts"), ...flags], opt: options },
    ],
  });
  await execute("buf", ["generate", "--template", template], { cwd: folder, env });
}

/** Type-checks a project with TypeScript 7. Rejects with the compiler's errors. */
export async function typeCheck(folder: string, tsconfig = "tsconfig.json"): Promise<void> {
  await execute("tsc", ["--project", join(folder, tsconfig)]);
}
