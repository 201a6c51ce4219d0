import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import {
  type FieldDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_wrappers,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { jsonText } from "../../src/ingress/json-text.ts";

type FieldInit = Partial<Omit<FieldDescriptorProto, "$typeName" | "$unknown">>;

function field(name: string, number: number, rest: FieldInit): FieldInit {
  const jsonName = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return { name, jsonName, number, label: Label.OPTIONAL, type: Type.BYTES, ...rest };
}
function entry(name: string, keyType: Type, value: FieldInit) {
  return {
    name,
    field: [field("key", 1, { type: keyType }), field("value", 2, value)],
    options: { mapEntry: true },
  };
}
const inner: FieldInit = { type: Type.MESSAGE, typeName: ".t.M" };

/** A message that has `bytes` wherever a message can have them. */
function schema(): DescMessage {
  const proto = create(FileDescriptorProtoSchema, {
    name: "t.proto",
    package: "t",
    syntax: "proto3",
    dependency: ["google/protobuf/wrappers.proto"],
    messageType: [
      {
        name: "M",
        field: [
          field("single", 1, {}),
          field("many", 2, { label: Label.REPEATED }),
          field("by_name", 3, { label: Label.REPEATED, type: Type.MESSAGE, typeName: ".t.M.ByNameEntry" }),
          field("chosen", 4, { oneofIndex: 0 }),
          field("message", 5, { ...inner, oneofIndex: 0 }),
          field("wrapped", 6, { type: Type.MESSAGE, typeName: ".google.protobuf.BytesValue" }),
          field("messages", 7, { ...inner, label: Label.REPEATED }),
          field("by_number", 8, {
            label: Label.REPEATED,
            type: Type.MESSAGE,
            typeName: ".t.M.ByNumberEntry",
          }),
          field("text", 9, { type: Type.STRING }),
        ],
        nestedType: [entry("ByNameEntry", Type.STRING, {}), entry("ByNumberEntry", Type.INT32, inner)],
        oneofDecl: [{ name: "choice" }],
      },
    ],
  });
  const registry = createFileRegistry(proto, (name) =>
    name === "google/protobuf/wrappers.proto" ? file_google_protobuf_wrappers : undefined,
  );
  return registry.getMessage("t.M") as DescMessage;
}

it("writes what protobuf-es writes, with small and large bytes in every place, of every remainder", () => {
  const desc = schema();
  const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + length) % 256);
  const leaf = { single: bytes(20_000), wrapped: bytes(50_000), text: "ü" };
  const message = create(desc, {
    single: bytes(150_000),
    many: [bytes(10), bytes(8_192), bytes(8_193), bytes(8_194), new Uint8Array()],
    byName: { a: bytes(100_001), b: bytes(3) },
    choice: { case: "chosen", value: bytes(60_000) },
    wrapped: bytes(49_152),
    messages: [leaf, { choice: { case: "message", value: leaf } }],
    byNumber: { 1: leaf },
    text: 'π, "quotes" and \\',
  } as never);
  const copy = fromBinary(desc, toBinary(desc, message));
  const options = { alwaysEmitImplicit: true };
  expect(Buffer.from(jsonText(desc, copy, options)).toString()).toBe(toJsonString(desc, message, options));
});

it("writes a message without bytes", () => {
  const desc = schema();
  expect(Buffer.from(jsonText(desc, create(desc), {})).toString()).toBe("{}");
});
