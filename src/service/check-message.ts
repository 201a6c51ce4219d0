import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** Returns a sentence that names the value's field, or undefined if the type is right. */
type Check = (value: unknown, path: string) => string | undefined;

interface CheckedField {
  readonly localName: string;
  readonly oneof: string | undefined;
  readonly check: Check;
}

/** The type of values that JavaScript would coerce rather than refuse. The encoder refuses the others. */
const coercedScalars: ReadonlyMap<ScalarType, "string" | "boolean" | "number" | "Uint8Array"> = new Map([
  [ScalarType.STRING, "string"],
  [ScalarType.BOOL, "boolean"],
  [ScalarType.BYTES, "Uint8Array"],
  [ScalarType.DOUBLE, "number"],
  [ScalarType.FLOAT, "number"],
]);

const checkedFields = new WeakMap<DescMessage, readonly CheckedField[]>();

/**
 * Finds a value of the wrong type in a message that was made of a handler's result. Encoding would coerce it, a number
 * into a text for example. Returns a sentence with the name of the field, or undefined if there is none.
 */
export function findWrongType(desc: DescMessage, message: object, path = ""): string | undefined {
  // A message has its fields as properties.
  const values = message as Readonly<Record<string, unknown>>;
  for (const { localName, oneof, check } of fieldsOf(desc)) {
    const value = oneof === undefined ? values[localName] : valueInOneof(values[oneof], localName);
    const problem = value === undefined ? undefined : check(value, `${path}${localName}`);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

/** The checks of a message type, made once. */
function fieldsOf(desc: DescMessage): readonly CheckedField[] {
  let fields = checkedFields.get(desc);
  if (fields === undefined) {
    fields = desc.fields.flatMap((field) => {
      const check = checkOf(field);
      return check === undefined
        ? []
        : [{ localName: field.localName, oneof: field.oneof?.localName, check }];
    });
    checkedFields.set(desc, fields);
  }
  return fields;
}

function valueInOneof(oneof: unknown, localName: string): unknown {
  if (typeof oneof !== "object" || oneof === null || !("case" in oneof) || oneof.case !== localName) {
    return undefined;
  }
  return "value" in oneof ? oneof.value : undefined;
}

/** Undefined if the encoder refuses wrong types of this field by itself. */
function checkOf(field: DescField): Check | undefined {
  const check = checkOfValue(field);
  switch (field.fieldKind) {
    case "list":
      return (value, path) =>
        Array.isArray(value) ? checkItems(value, path, check) : wrong(path, "array", value);
    case "map":
      return (value, path) =>
        isRecord(value) ? checkEntries(value, path, check) : wrong(path, "object", value);
    default:
      return check;
  }
}

function checkOfValue({ scalar, message }: DescField): Check | undefined {
  if (message === undefined) {
    const type = scalar === undefined ? undefined : coercedScalars.get(scalar);
    return type === undefined
      ? undefined
      : (value, path) => (isOfType(value, type) ? undefined : wrong(path, type, value));
  }
  if (message.typeName === "google.protobuf.Struct") {
    return undefined; // Plain JSON, which its encoder checks.
  }
  const [wrapped] = isWrapperDesc(message) ? message.fields : [];
  const checkWrapped = wrapped && checkOfValue(wrapped);
  return (value, path) => {
    // A field of a wrapper type has the wrapped value itself.
    if (wrapped !== undefined && !isMessageOf(value, message)) {
      return checkWrapped?.(value, path);
    }
    return isRecord(value) ? findWrongType(message, value, `${path}.`) : wrong(path, message.typeName, value);
  };
}

function checkItems(items: readonly unknown[], path: string, check: Check | undefined): string | undefined {
  if (check !== undefined) {
    for (const [index, item] of items.entries()) {
      const problem = check(item, `${path}[${index}]`);
      if (problem !== undefined) {
        return problem;
      }
    }
  }
  return undefined;
}

function checkEntries(
  map: Readonly<Record<string, unknown>>,
  path: string,
  check: Check | undefined,
): string | undefined {
  if (check !== undefined) {
    for (const [key, value] of Object.entries(map)) {
      const problem = check(value, `${path}[${JSON.stringify(key)}]`);
      if (problem !== undefined) {
        return problem;
      }
    }
  }
  return undefined;
}

function isMessageOf(value: unknown, { typeName }: DescMessage): value is object {
  return isRecord(value) && value.$typeName === typeName;
}

function isOfType(value: unknown, type: "string" | "boolean" | "number" | "Uint8Array"): boolean {
  return type === "Uint8Array" ? value instanceof Uint8Array : typeof value === type;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !(value instanceof Promise);
}

function wrong(path: string, type: string, value: unknown): string {
  return `field ${path} must be ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}, not ${nameOfValue(value)}`;
}

/** What a value is, in words. */
export function nameOfValue(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (value instanceof Promise) {
    return "a Promise: await it";
  }
  const type = Array.isArray(value) ? "array" : typeof value;
  return `${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`;
}
