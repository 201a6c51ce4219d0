import { type DescMessage, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { fieldShape, type JsonShape, messageShape } from "./json-shape.ts";
import { is64Bit } from "./scalar-problem.ts";

/** A request to begin with: every field that is not one of several, with its default. */
export function sampleRequest(message: DescMessage): string {
  const shape = messageShape(message);
  if (shape.kind !== "message") {
    return JSON.stringify(sampleOf(shape));
  }
  const fields = message.fields
    .filter(({ oneof, proto }) => oneof === undefined && !proto.proto3Optional)
    .map((field) => [field.jsonName, sampleOf(fieldShape(field))] as const)
    .filter(([, value]) => value !== null);
  return JSON.stringify(Object.fromEntries(fields), undefined, 2);
}

/** The smallest JSON of a shape. */
export function sampleOf(shape: JsonShape): JsonValue {
  switch (shape.kind) {
    case "message":
    case "map":
      return {};
    case "list":
      return [];
    case "enum":
      return (shape.type.values.find(({ number }) => number !== 0) ?? shape.type.values[0])?.name ?? 0;
    case "timestamp":
      return new Date().toISOString();
    case "duration":
      return "1s";
    case "text":
      return "";
    case "any":
      return null;
    case "scalar":
      return scalarSample(shape.scalar);
  }
}

function scalarSample(scalar: ScalarType): JsonValue {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return "";
    case ScalarType.BOOL:
      return false;
    default:
      return is64Bit(scalar) ? "0" : 0;
  }
}
