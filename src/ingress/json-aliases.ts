import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import { InvokeRequestSchema } from "../../generated/dev/restate/services_pb.ts";

/**
 * Renames the field of `dev.restate.InvokeRequest` that has the name `json` in the proto of Restate 0.x. protobuf-es
 * knows two names of a field, which are `argument` and `payload` here.
 */
export function withoutAliases(schema: DescMessage, json: JsonValue): JsonValue {
  if (schema.typeName !== InvokeRequestSchema.typeName || !isObject(json) || !Object.hasOwn(json, "json")) {
    return json;
  }
  const { json: payload, ...rest } = json;
  if (payload === undefined || Object.hasOwn(rest, "payload")) {
    return json; // refused: twice the same
  }
  return { ...rest, payload };
}

function isObject(json: JsonValue): json is { [name: string]: JsonValue } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
