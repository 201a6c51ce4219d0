import {
  type DescField,
  type DescMessage,
  isMessage,
  type Message,
  ScalarType,
  toJson,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { is64Bit } from "./scalar-problem.ts";

/** Writes a message as the object that a generated client takes. Enums are written as their numbers, with the names in comments. */
export function typeScriptLiteral(schema: DescMessage, message: Message): string {
  return messageLiteral(reflect(schema, message), "");
}

function messageLiteral(message: ReflectMessage, indent: string): string {
  const inner = `${indent}  `;
  const members = message.sortedFields.flatMap((field) => {
    if (!message.isSet(field)) {
      return [];
    }
    const value = fieldLiteral(message, field, inner);
    return field.oneof === undefined
      ? [`${field.localName}: ${value}`]
      : [`${field.oneof.localName}: { case: ${JSON.stringify(field.localName)}, value: ${value} }`];
  });
  return members.length === 0
    ? "{}"
    : `{\n${members.map((member) => `${inner}${member},\n`).join("")}${indent}}`;
}

function fieldLiteral(message: ReflectMessage, field: DescField, indent: string): string {
  switch (field.fieldKind) {
    case "list":
      return `[${[...message.get(field)].map((item) => valueLiteral(field, item, indent)).join(", ")}]`;
    case "map": {
      const entries = [...message.get(field)].map(
        ([key, value]) => `${JSON.stringify(String(key))}: ${valueLiteral(field, value, indent)}`,
      );
      return `{ ${entries.join(", ")} }`;
    }
    default:
      return valueLiteral(field, message.get(field), indent);
  }
}

function valueLiteral(field: DescField, value: unknown, indent: string): string {
  if (field.message !== undefined) {
    return (
      wellKnownLiteral(field.message, value as ReflectMessage) ??
      messageLiteral(value as ReflectMessage, indent)
    );
  }
  if (field.enum !== undefined) {
    return `${value} /* ${field.enum.value[Number(value)]?.name ?? "unknown"} */`;
  }
  return scalarLiteral(field.scalar ?? ScalarType.STRING, value);
}

function scalarLiteral(scalar: ScalarType, value: unknown): string {
  if (value instanceof Uint8Array) {
    return `new Uint8Array([${value.join(", ")}])`;
  }
  if (is64Bit(scalar)) {
    return `${value}n`;
  }
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

/** protobuf-es gives wrapped values as they are, and structs as JSON. */
function wellKnownLiteral({ typeName, fields }: DescMessage, value: ReflectMessage): string | undefined {
  const [only] = fields;
  if (/^google\.protobuf\.\w+Value$/.test(typeName) && fields.length === 1 && only?.fieldKind === "scalar") {
    return scalarLiteral(only.scalar, value.get(only));
  }
  return isMessage(value.message, StructSchema)
    ? JSON.stringify(toJson(StructSchema, value.message))
    : undefined;
}
