import type { DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

/** A descriptor that a message to the user can refer to. */
export type Located = DescField | DescMessage | DescMethod | DescService;

/** A place in a proto file. Line and column start at 1; both are 0 if the request has no positions. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The number of the field `name` in the descriptors of messages, fields, services and methods. */
const nameField = 1;

/** Returns the place where the name of a descriptor is declared. */
export function positionOf(desc: Located): Position {
  const { proto } = desc.kind === "field" || desc.kind === "rpc" ? desc.parent.file : desc.file;
  const path = [...getComments(desc).sourcePath, nameField];
  const location = proto.sourceCodeInfo?.location.find(
    (candidate) => candidate.path.length === path.length && path.every((n, i) => candidate.path[i] === n),
  );
  const [line = -1, column = -1] = location?.span ?? [];
  return { file: proto.name, line: line + 1, column: column + 1 };
}

/** Formats a position so that editors and terminals can jump to it: `org/example/counter.proto:9:7`. */
export function formatPosition({ file, line, column }: Position): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

/** Orders positions by file, line and column. */
export function comparePositions(a: Position, b: Position): number {
  if (a.file !== b.file) {
    return a.file < b.file ? -1 : 1;
  }
  return a.line - b.line || a.column - b.column;
}
