import { ts } from "ts-morph";

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};

/** The JavaScript that the compiler makes of a TypeScript module. */
export function compilerJavaScript(text: string): string {
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** The declarations that the compiler makes of a TypeScript module. */
export function compilerDeclarations(text: string): string {
  const options = { ...compilerOptions, declaration: true };
  return ts.transpileDeclaration(text, { compilerOptions: options, fileName: "module.ts" }).outputText;
}

/**
 * What a module says, printed by the compiler: doc comments stay, indentation and empty lines make no
 * difference. Neither do the order of imports and local names for what is imported: each such name
 * becomes the module and the name it stands for.
 */
export function meaning(text: string, fileName: "module.js" | "module.d.ts"): string[] {
  const withoutHead = text.replace(/^.*?\/\* eslint-disable \*\//s, "");
  const file = ts.createSourceFile(fileName, withoutHead, ts.ScriptTarget.ES2022, true);
  const imported = importedNames(file);
  const printer = ts.createPrinter();
  const statements = file.statements.filter((statement) => !ts.isImportDeclaration(statement));
  const { transformed } = ts.transform(statements, [renameWith(imported)]);
  return [
    ...[...imported.values()].sort(),
    ...transformed.map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, file)),
  ];
}

/** What is imported, by its local name. */
function importedNames(file: ts.SourceFile): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const statement of file.statements.filter(ts.isImportDeclaration)) {
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) {
      continue;
    }
    for (const { name, propertyName = name } of bindings.elements) {
      names.set(name.text, `${statement.moduleSpecifier.getText(file)}.${propertyName.text}`);
    }
  }
  return names;
}

function renameWith(names: ReadonlyMap<string, string>): ts.TransformerFactory<ts.Statement> {
  return (context) => {
    const rename = (node: ts.Node): ts.Node => {
      if (ts.isIdentifier(node)) {
        // The names of members and parameters stand for themselves.
        const isOwn = ts.isMethodSignature(node.parent) || ts.isParameter(node.parent);
        return ts.factory.createIdentifier((isOwn ? undefined : names.get(node.text)) ?? node.text);
      }
      return ts.visitEachChild(node, rename, context);
    };
    return (statement) => ts.visitEachChild(statement, rename, context);
  };
}
