import { create, type DescMessage } from "@bufbuild/protobuf";
import { ApiSchema, FileDescriptorProtoSchema, StructSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { findWrongType } from "../../src/service/check-message.ts";

function found(desc: DescMessage, fields: Readonly<Record<string, unknown>>): string | undefined {
  return findWrongType(desc, create(desc, fields as Record<string, never>));
}

describe("findWrongType", () => {
  it("accepts messages with values of their types", () => {
    const methods = [{ name: "Get", requestStreaming: true }];
    expect(found(ApiSchema, { name: "a", version: "1", methods, sourceContext: { fileName: "f" } })).toBe(
      undefined,
    );
    expect(found(ApiSchema, {})).toBe(undefined);
    expect(found(ValueSchema, { kind: { case: "numberValue", value: 1.5 } })).toBe(undefined);
    expect(found(StructSchema, { fields: { a: { kind: { case: "boolValue", value: true } } } })).toBe(
      undefined,
    );
  });

  it.each([
    ["a number in a text", ApiSchema, { name: 5 }, "field name must be a string, not a number"],
    [
      "a Promise in a text",
      ApiSchema,
      { name: Promise.resolve("a") },
      "field name must be a string, not a Promise: await it",
    ],
    [
      "a text in a bool of a message in a list",
      ApiSchema,
      { methods: [{}, { requestStreaming: "yes" }] },
      "field methods[1].requestStreaming must be a boolean, not a string",
    ],
    [
      "a number in a list of texts",
      FileDescriptorProtoSchema,
      { dependency: ["a", 5] },
      "field dependency[1] must be a string, not a number",
    ],
    [
      "a text in place of a list",
      FileDescriptorProtoSchema,
      { dependency: "abc" },
      "field dependency must be an array, not a string",
    ],
    [
      "a text in a number of a oneof",
      ValueSchema,
      { kind: { case: "numberValue", value: "5" } },
      "field numberValue must be a number, not a string",
    ],
    [
      "a number in a text in a map",
      StructSchema,
      { fields: { a: { kind: { case: "stringValue", value: 5 } } } },
      'field fields["a"].stringValue must be a string, not a number',
    ],
  ] as const)("names the field with %s", (_, desc, fields, problem) => {
    expect(found(desc, fields)).toBe(problem);
  });
});
