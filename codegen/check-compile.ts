import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CompilerOptions, Diagnostic } from "ts-morph";
import type { TsMorph } from "./load-ts-morph.ts";

/** Virtual folder of the modules: nothing is ever written to it. */
export function folder(): string {
  return join(process.cwd(), "protoc-gen-restate-es-check");
}

/**
 * Type-checks modules as if they were in a folder of the project that buf runs in, with the compiler
 * options of its tsconfig.json. Errors in the options or in other files are not reported.
 */
export function compile(
  tsMorph: TsMorph,
  modules: readonly { readonly name: string; readonly content: string }[],
): readonly Diagnostic[] {
  const project = new tsMorph.Project({ compilerOptions: compilerOptions(tsMorph) });
  const files = modules.map(({ name, content }) => project.createSourceFile(join(folder(), name), content));
  const program = project.getProgram();
  return files.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
}

/** Compiler options for a project without tsconfig.json. */
function defaultOptions({ ts }: TsMorph): CompilerOptions {
  return {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
}

/** The options of the project, without those for the place and the style of its own code. */
function compilerOptions(tsMorph: TsMorph): CompilerOptions {
  const path = join(process.cwd(), "tsconfig.json");
  if (!existsSync(path)) {
    return defaultOptions(tsMorph);
  }
  const { rootDir: _, ...options } = tsMorph.getCompilerOptionsFromTsConfig(path).options;
  return {
    ...options,
    composite: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    erasableSyntaxOnly: false,
  };
}
