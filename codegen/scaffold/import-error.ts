import type { ImportDeclaration, SourceFile } from "ts-morph";
import type { Edit } from "./edit.ts";
import type { Style } from "./style.ts";

/** Local names of `ConnectError` and `Code` in a file. */
export interface ErrorNames {
  readonly error: string;
  readonly code: string;
}

const sources: ReadonlySet<string> = new Set(["restate-connect", "@connectrpc/connect"]);

/** Adds imports of `ConnectError` and `Code` to a file if they are missing, and returns their local names. */
export function importError(
  file: SourceFile,
  style: Style,
): ErrorNames & { readonly edits: readonly Edit[] } {
  const imports = file
    .getImportDeclarations()
    .filter((one) => !one.isTypeOnly() && sources.has(one.getModuleSpecifierValue()));
  const error = localName(file, imports, "ConnectError");
  const code = localName(file, imports, "Code");
  const missing = [code, error].flatMap(({ specifier }) => (specifier === undefined ? [] : [specifier]));
  return {
    error: error.name,
    code: code.name,
    edits: missing.length === 0 ? [] : [addNames(file, imports, missing, style)],
  };
}

/** Returns the local name of an import. `specifier` is the import to add, if it is missing. */
function localName(
  file: SourceFile,
  imports: readonly ImportDeclaration[],
  name: string,
): { readonly name: string; readonly specifier: string | undefined } {
  for (const specifier of imports.flatMap((one) => one.getNamedImports())) {
    if (specifier.getName() === name && !specifier.isTypeOnly()) {
      return { name: specifier.getAliasNode()?.getText() ?? name, specifier: undefined };
    }
  }
  if (file.getLocal(name) === undefined) {
    return { name, specifier: name };
  }
  const other = `Restate${name}`;
  return { name: other, specifier: `${name} as ${other}` };
}

function addNames(
  file: SourceFile,
  imports: readonly ImportDeclaration[],
  names: readonly string[],
  { quote, semicolon, newLine }: Style,
): Edit {
  const last = imports.flatMap((one) => one.getNamedImports()).at(-1);
  if (last !== undefined) {
    return { start: last.getEnd(), end: last.getEnd(), text: names.map((name) => `, ${name}`).join("") };
  }
  const line = `import { ${names.join(", ")} } from ${quote}restate-connect${quote}${semicolon}`;
  const after = file.getImportDeclarations().at(-1)?.getEnd();
  return after === undefined
    ? { start: 0, end: 0, text: line + newLine }
    : { start: after, end: after, text: newLine + line };
}
