import type { SourceFile } from "ts-morph";

/** The formatting of a file, for the lines that are added to it. */
export interface Style {
  readonly newLine: string;
  /** One level of indentation. */
  readonly indent: string;
  readonly quote: '"' | "'";
  readonly semicolon: ";" | "";
}

/** Detects the style of a file from its first indented line and its first import. */
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

/** Returns the indentation of the line at a position. */
export function indentationAt(text: string, position: number): string {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}
