import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** What of a message takes memory once it is decoded. */
export interface Shape {
  /** The message without content, bytes. */
  readonly size: number;
  readonly fields: ReadonlyMap<number, Field>;
}

/** A field: the bytes that each record of it takes, and other values to count. */
export type Field = { readonly size: number } & (
  | { readonly kind: "message"; readonly desc: DescMessage }
  | { readonly kind: "entry"; readonly entry: Shape }
  /** Each takes `element` bytes. They have `width` bytes in Protobuf; 0: as many as they need. */
  | { readonly kind: "numbers"; readonly element: number; readonly width: 0 | 4 | 8 }
  | { readonly kind: "text" }
);

/** Sizes in bytes, rounded up, as V8 has them for the messages of protobuf-es. */
const message = 48;
const property = 12;
const number = 12;
const bigint = 32;
const text = 24;
const byteArray = 100;
/** A record of a field that the schema does not have: an object and an array of bytes. */
export const unknownSize = 160;

const shapes = new WeakMap<DescMessage, Shape>();

/** The shape of a message. */
export function shapeOf(desc: DescMessage): Shape {
  const known = shapes.get(desc);
  if (known !== undefined) {
    return known;
  }
  const shape: Shape = {
    size: message + property * desc.fields.length,
    fields: new Map(desc.fields.map((field) => [field.number, fieldOf(field)])),
  };
  shapes.set(desc, shape);
  return shape;
}

function fieldOf(field: DescField): Field {
  if (field.fieldKind === "map") {
    const fields = new Map([
      [1, scalarField(field.mapKey)],
      [2, valueField(field)],
    ]);
    return { kind: "entry", size: 0, entry: { size: message, fields } };
  }
  return valueField(field);
}

/** The one value of a field, or each of a list or map. */
function valueField(field: DescField): Field {
  if (field.message !== undefined) {
    return { kind: "message", size: number, desc: field.message };
  }
  return scalarField(field.scalar ?? ScalarType.INT32);
}

function scalarField(scalar: ScalarType): Field {
  switch (scalar) {
    case ScalarType.STRING:
      return { kind: "text", size: text };
    case ScalarType.BYTES:
      return { kind: "text", size: byteArray };
    case ScalarType.DOUBLE:
      return { kind: "numbers", size: number, element: number, width: 8 };
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return { kind: "numbers", size: bigint, element: bigint, width: 8 };
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return { kind: "numbers", size: number, element: number, width: 4 };
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
      return { kind: "numbers", size: bigint, element: bigint, width: 0 };
    default:
      return { kind: "numbers", size: number, element: number, width: 0 };
  }
}
