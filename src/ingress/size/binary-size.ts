import type { DescMessage } from "@bufbuild/protobuf";
import { type Field, type Shape, shapeOf, unknownSize } from "./shape.ts";

/** No decoder here goes deeper. */
const maxDepth = 100;

interface Reader {
  readonly bytes: Uint8Array;
  readonly atMost: number;
  at: number;
  size: number;
}

/**
 * About how many bytes of memory a message in Protobuf bytes takes once it is decoded, what strings and
 * `bytes` hold not counted: two bytes can be a message of their own. It stops to count beyond `atMost`. Bytes that are not such a message have a size too.
 */
export function binarySize(schema: DescMessage, bytes: Uint8Array, atMost: number): number {
  const reader: Reader = { bytes, atMost, at: 0, size: 0 };
  readMessage(reader, shapeOf(schema), bytes.byteLength, 1);
  return reader.size;
}

function readMessage(reader: Reader, shape: Shape, end: number, depth: number): void {
  reader.size += shape.size;
  while (reader.at < end && reader.size <= reader.atMost) {
    const tag = readVarint(reader);
    const field = shape.fields.get(tag >>> 3);
    reader.size += field === undefined ? unknownSize : field.size;
    switch (tag & 7) {
      case 0:
        readVarint(reader);
        break;
      case 1:
        reader.at += 8;
        break;
      case 2: {
        const length = readVarint(reader);
        const stop = Math.min(reader.at + length, end);
        readContent(reader, field, stop, depth);
        reader.at = stop;
        break;
      }
      case 3:
        // What is inside counts as if it were here.
        reader.size += field?.kind === "message" ? shapeOf(field.desc).size : 0;
        break;
      case 5:
        reader.at += 4;
        break;
    }
  }
}

function readContent(reader: Reader, field: Field | undefined, stop: number, depth: number): void {
  switch (field?.kind) {
    case "numbers":
      reader.size += field.element * countNumbers(reader, stop, field.width);
      break;
    case "entry":
      readMessage(reader, field.entry, stop, depth);
      break;
    case "message":
      if (depth < maxDepth) {
        readMessage(reader, shapeOf(field.desc), stop, depth + 1);
      }
  }
}

function countNumbers({ bytes, at }: Reader, stop: number, width: number): number {
  if (width > 0) {
    return (stop - at) / width;
  }
  let count = 0;
  for (let i = at; i < stop; i += 1) {
    count += (bytes[i] ?? 0) < 0x80 ? 1 : 0;
  }
  return count;
}

/** The low 32 bits: no tag and no length has more. */
function readVarint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = reader.bytes[reader.at] ?? 0;
    reader.at += 1;
    value |= shift < 32 ? (byte & 0x7f) << shift : 0;
    if (byte < 0x80) {
      break;
    }
  }
  return value >>> 0;
}
