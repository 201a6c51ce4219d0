import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** What the JSON of a value looks like, by its descriptor (ProtoJSON). */
export type JsonShape =
  | { readonly kind: "message"; readonly message: DescMessage }
  | { readonly kind: "list"; readonly item: JsonShape }
  | { readonly kind: "map"; readonly value: JsonShape }
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "enum"; readonly type: DescEnum }
  | { readonly kind: "timestamp" | "duration" | "text" }
  /** Any JSON: `Struct`, `Value`, `ListValue` and `Any`. */
  | { readonly kind: "any" };

const wrapped: Readonly<Record<string, ScalarType>> = {
  DoubleValue: ScalarType.DOUBLE,
  FloatValue: ScalarType.FLOAT,
  Int64Value: ScalarType.INT64,
  UInt64Value: ScalarType.UINT64,
  Int32Value: ScalarType.INT32,
  UInt32Value: ScalarType.UINT32,
  BoolValue: ScalarType.BOOL,
  StringValue: ScalarType.STRING,
  BytesValue: ScalarType.BYTES,
};

/** The shape of a message. */
export function messageShape(message: DescMessage): JsonShape {
  const name = /^google\.protobuf\.(\w+)$/.exec(message.typeName)?.[1] ?? "";
  const scalar = wrapped[name];
  if (scalar !== undefined) {
    return { kind: "scalar", scalar };
  }
  switch (name) {
    case "Timestamp":
      return { kind: "timestamp" };
    case "Duration":
      return { kind: "duration" };
    case "FieldMask":
      return { kind: "text" };
    case "Struct":
    case "Value":
    case "ListValue":
    case "Any":
      return { kind: "any" };
    default:
      return { kind: "message", message };
  }
}

/** The shape of a field, its lists and maps included. */
export function fieldShape(field: DescField): JsonShape {
  switch (field.fieldKind) {
    case "list":
      return { kind: "list", item: elementShape(field) };
    case "map":
      return { kind: "map", value: elementShape(field) };
    default:
      return elementShape(field);
  }
}

/** The field with this name, as JSON or as the .proto file writes it. */
export function fieldByJsonName(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.jsonName === name || field.name === name);
}

function elementShape({ message, enum: type, scalar }: DescField): JsonShape {
  if (message !== undefined) {
    return messageShape(message);
  }
  return type === undefined
    ? { kind: "scalar", scalar: scalar ?? ScalarType.STRING }
    : { kind: "enum", type };
}
