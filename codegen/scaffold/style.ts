import type { SourceFile } from "ts-morph";

/** How a file is written, as far as new lines in it are concerned. */
export interface Style {
  readonly newLine: string;
  /** One level of indentation. */
  readonly indent: string;
  readonly quote: '"' | "'";
  readonly semicolon: ";" | "";
}

/** Reads a file's style off its first indented line and its first import. */
export function styleOf(file: SourceFile): Style {
  const text = file.getFullText();
  const firstImport = file.getImportDeclarations()[0]?.getText() ?? "";
  return {
    newLine: text.includes("\r\n") ? "\r\n" : "\n",
    indent: /^(\t| {2,8})\S/m.exec(text)?.[1] ?? "  ",
    quote: firstImport.includes("'") ? "'" : '"',
    semicolon: firstImport === "" || firstImport.endsWith(";") ? ";" : "",
  };
}

/** The white space that the line of a position begins with. */
export function indentationAt(text: string, position: number): string {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}
