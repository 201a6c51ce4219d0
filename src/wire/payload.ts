import { create, type DescMessage } from "@bufbuild/protobuf";
import { type JsonOptions, jsonFormat } from "./json-format.ts";
import { binaryFormat, type Format, type MessageFormat } from "./message-format.ts";

/** A message as Restate sees it: bytes and a content type. */
export interface Payload {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * A format as Restate's services use it: no bytes at all are the empty message, and JSON has the fields without a
 * value too. A client ignores fields of a response that the schema does not have: their server may know a newer one.
 */
export function restateFormat(name: Format, options: JsonOptions = {}): MessageFormat {
  const format = name === "binary" ? binaryFormat : jsonFormat({ defaults: "write", ...options });
  return {
    ...format,
    read: (schema, bytes) => (bytes.byteLength === 0 ? create(schema) : format.read(schema, bytes)),
  };
}

/**
 * The format of a stored payload, whose content type Restate does not keep. JSON of a message starts with
 * `{`; as Protobuf that byte would open a group in field 15, which proto3 does not have. The well-known
 * types with a JSON form of their own have fields 1 and 2 only, so that their bytes start below 0x20.
 * (`Value` reaches the digits with its field 6: a list alone in a binary `Value` would be misread.)
 */
export function sniffFormat(schema: DescMessage, bytes: Uint8Array): Format {
  const first = String.fromCharCode(bytes[0] ?? 0);
  const starts = schema.typeName.startsWith("google.protobuf.") ? /["{[tfn0-9-]/ : /\{/;
  return starts.test(first) ? "json" : "binary";
}
