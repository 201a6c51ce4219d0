import {
  create,
  type DescMessage,
  fromBinary,
  fromJsonString,
  type MessageShape,
  type Registry,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";

/** How a message is written: Protobuf bytes, or JSON in UTF-8. */
export type Format = "binary" | "json";

/** A message as Restate sees it: bytes and a content type. */
export interface Payload {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Options for JSON, in addition to the schema. */
export interface JsonOptions {
  /** Messages that may be inside a `google.protobuf.Any`. Default: none. */
  readonly registry?: Registry | undefined;
  /** Fields that the schema does not have. Default: `refuse`. */
  readonly unknownFields?: "refuse" | "ignore";
}

/** The content type of each format on Restate. */
export const contentTypes = { binary: "application/proto", json: "application/json" } as const;

/** Writes a message. Fields without a value are written too: JSON readers then need not know defaults. */
export function encodePayload<S extends DescMessage>(
  format: Format,
  schema: S,
  message: MessageShape<S>,
  { registry }: JsonOptions = {},
): Payload {
  const contentType = contentTypes[format];
  if (format === "binary") {
    return { contentType, bytes: toBinary(schema, message) };
  }
  const text = toJsonString(schema, message, { alwaysEmitImplicit: true, ...known(registry) });
  return { contentType, bytes: new TextEncoder().encode(text) };
}

/**
 * Reads a message. No bytes at all are the empty message in both formats. Fields of JSON that the schema does
 * not have are refused in requests, and ignored in responses: their server may know a newer schema.
 */
export function decodePayload<S extends DescMessage>(
  format: Format,
  schema: S,
  bytes: Uint8Array,
  { registry, unknownFields = "refuse" }: JsonOptions = {},
): MessageShape<S> {
  if (bytes.byteLength === 0) {
    return create(schema);
  }
  return format === "binary"
    ? fromBinary(schema, bytes)
    : fromJsonString(schema, new TextDecoder().decode(bytes), {
        ignoreUnknownFields: unknownFields === "ignore",
        ...known(registry),
      });
}

function known(registry: Registry | undefined): { readonly registry?: Registry } {
  return registry === undefined ? {} : { registry };
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
