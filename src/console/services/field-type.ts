import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** The type of a field as its .proto file writes it, with `optional` and `repeated`. */
export function fieldType(field: DescField): string {
  switch (field.fieldKind) {
    case "list":
      return `repeated ${elementType(field)}`;
    case "map":
      return `map<${scalarName(field.mapKey)}, ${elementType(field)}>`;
    default:
      return field.proto.proto3Optional ? `optional ${elementType(field)}` : elementType(field);
  }
}

/** The message or enum behind a field; undefined for scalars and Protobuf's own types, which JSON writes in its own way. */
export function typeOfField(field: DescField): DescMessage | DescEnum | undefined {
  const type = field.message ?? field.enum;
  return type?.typeName.startsWith("google.protobuf.") ? undefined : type;
}

/** The name of a scalar type as .proto files have it. */
export function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

function elementType(field: DescField): string {
  const type = field.message ?? field.enum;
  if (type !== undefined) {
    return type.typeName.replace(/^google\.protobuf\./, "").replace(/^.*\./, "");
  }
  return field.scalar === undefined ? "" : scalarName(field.scalar);
}
