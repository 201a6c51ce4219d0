import type { ObjectLiteralExpression } from "ts-morph";
import type { Edit, Mark } from "./edit.ts";
import type { ErrorNames } from "./import-error.ts";
import { indentationAt, type Style } from "./style.ts";

/** Adds handlers at the end of an object. Existing members and comments are not changed. */
export function addHandlers(
  object: ObjectLiteralExpression,
  service: string,
  names: readonly string[],
  { error, code }: ErrorNames,
  style: Style,
): readonly Edit[] {
  const { newLine, quote, semicolon } = style;
  const text = object.getSourceFile().getFullText();
  const open = object.getStart() + 1;
  const close = object.getEnd() - 1;
  const properties = object.getProperties();
  const last = properties.at(-1);
  const hasComma = object.compilerNode.properties.hasTrailingComma;
  const base = indentationAt(text, object.getStart());
  const isSpread = last !== undefined && text.slice(last.getEnd(), close).includes("\n");
  const indent = isSpread ? indentationAt(text, last.getStart()) : base + style.indent;

  const endComma = isSpread && !hasComma ? "" : ",";
  const marks: Mark[] = [];
  let stubs = "";
  for (const [index, name] of names.entries()) {
    const message = `${quote}${service}.${name} is not implemented${quote}`;
    marks.push({ offset: stubs.length + indent.length, label: name });
    stubs += `${indent}${name}() {${newLine}`;
    stubs += `${indent}${style.indent}throw new ${error}(${message}, ${code}.Unimplemented)${semicolon}${newLine}`;
    stubs += `${indent}}${index === names.length - 1 ? endComma : ","}${newLine}`;
  }

  const comma: Edit[] =
    last === undefined || hasComma ? [] : [{ start: last.getEnd(), end: last.getEnd(), text: "," }];
  if (isSpread) {
    const line = text.lastIndexOf("\n", close) + 1;
    return [...comma, { start: line, end: line, text: stubs, marks }];
  }
  const first = properties[0];
  const head: Edit[] =
    first === undefined || text.slice(open, first.getStart()).trim() !== ""
      ? []
      : [{ start: open, end: first.getStart(), text: newLine + indent }];
  const kept = text.slice(0, close).trimEnd().length;
  const shifted = marks.map(({ offset, label }) => ({ offset: offset + newLine.length, label }));
  return [...head, ...comma, { start: kept, end: close, text: newLine + stubs + base, marks: shifted }];
}
