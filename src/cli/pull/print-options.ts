import {
  type DescField,
  type DescMessage,
  getExtension,
  hasExtension,
  type Message,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/** An option as a .proto file has it: a name, in brackets for an extension, and its value in text format. */
export interface PrintedOption {
  readonly name: string;
  readonly value: string;
}

/**
 * The options that a descriptor sets, extensions that the registry knows too. A repeated option comes repeatedly.
 * `nameOf` shortens `.package.name` as the scope of the options allows.
 */
export function printOptions(
  schema: DescMessage,
  options: Message | undefined,
  registry: Registry,
  nameOf: (fullName: string) => string,
): readonly PrintedOption[] {
  if (options === undefined) {
    return [];
  }
  const message = reflect(schema, options);
  const known = schema.fields
    .filter((field) => field.name !== "uninterpreted_option" && message.isSet(field))
    .flatMap((field) => valuesOf(field, message.get(field)).map((value) => ({ name: field.name, value })));
  const extensions = [...registry]
    .filter((desc) => desc.kind === "extension")
    .filter((desc) => desc.extendee.typeName === schema.typeName && hasExtension(options, desc))
    .toSorted((a, b) => a.number - b.number)
    .flatMap((desc) =>
      valuesOf(desc, extensionValue(desc, getExtension(options, desc))).map((value) => ({
        name: `(${nameOf(`.${desc.typeName}`)})`,
        value,
      })),
    );
  return [...known, ...extensions];
}

/** `getExtension` gives plain values, `reflect` wrapped messages: here both are wrapped. */
function extensionValue(desc: DescField | Parameters<typeof getExtension>[1], value: unknown): unknown {
  if (desc.fieldKind === "message") {
    return reflect(desc.message, value as Message);
  }
  if (desc.fieldKind === "list" && desc.listKind === "message") {
    const { message } = desc;
    return (value as Message[]).map((item) => reflect(message, item));
  }
  return value;
}

type OptionField = DescField | Parameters<typeof getExtension>[1];

function valuesOf(field: OptionField, value: unknown): readonly string[] {
  switch (field.fieldKind) {
    case "list":
      return [...(value as Iterable<unknown>)].map((item) => itemText(field, item));
    case "map":
      return [...(value as Iterable<[unknown, unknown]>)].map(([key, item]) => {
        const printed =
          field.mapKind === "message"
            ? messageText(item as ReflectMessage)
            : field.mapKind === "enum"
              ? enumText(field.enum.values, item)
              : scalarText(field.scalar, item);
        return `{ key: ${scalarText(field.mapKey, key)} value: ${printed} }`;
      });
    case "message":
      return [messageText(value as ReflectMessage)];
    case "enum":
      return [enumText(field.enum.values, value)];
    case "scalar":
      return [scalarText(field.scalar, value)];
  }
}

function itemText(field: OptionField & { readonly fieldKind: "list" }, item: unknown): string {
  switch (field.listKind) {
    case "scalar":
      return scalarText(field.scalar, item);
    case "enum":
      return enumText(field.enum.values, item);
    case "message":
      return messageText(item as ReflectMessage);
  }
}

/** Text format: `{ name: value ... }`. */
function messageText(message: ReflectMessage): string {
  const parts = message.desc.fields
    .filter((field) => message.isSet(field))
    .flatMap((field) => valuesOf(field, message.get(field)).map((value) => `${field.name}: ${value}`));
  return parts.length === 0 ? "{}" : `{ ${parts.join(" ")} }`;
}

function enumText(
  values: readonly { readonly number: number; readonly name: string }[],
  value: unknown,
): string {
  return values.find(({ number }) => number === value)?.name ?? String(value);
}

function scalarText(scalar: ScalarType, value: unknown): string {
  switch (scalar) {
    case ScalarType.STRING:
      return quote(String(value));
    case ScalarType.BYTES:
      return quoteBytes(value as Uint8Array);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return Number.isNaN(value) ? "nan" : String(value).replace("Infinity", "inf");
    default:
      return String(value);
  }
}

/** A string literal of a .proto file. */
export function quote(text: string): string {
  return quoteBytes(new TextEncoder().encode(text));
}

function quoteBytes(bytes: Uint8Array): string {
  const characters = [...bytes].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) {
      return `\\${String.fromCharCode(byte)}`;
    }
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${characters.join("")}"`;
}
