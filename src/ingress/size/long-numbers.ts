import {
  type DescExtension,
  type DescField,
  type DescMessage,
  type JsonValue,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";

/** No number, name of an enum value, time or duration needs more characters. The longest exact `double` has 1,079. */
const maxLength = 1_100;

/** Messages up to this size may have long numbers: to read them takes a few ms at most. */
const harmlessBytes = 64 * 1024;

/** Types whose JSON is free text or any JSON value. */
const free = /^google\.protobuf\.(Struct|Value|ListValue|StringValue|BytesValue)$/;

interface Visit {
  readonly desc: DescMessage;
  readonly json: JsonValue;
}

/**
 * Refuses a number that is written with far more digits than its field can hold. To read it, JavaScript takes a time
 * that grows faster than its length: seconds for some millions of digits, while nobody else is answered.
 *
 * @throws RangeError that names the field.
 */
export function refuseLongNumbers(
  desc: DescMessage,
  json: JsonValue,
  bytes: number,
  registry: Registry,
): void {
  // Without recursion: JSON can nest deeper than the stack.
  const pending: Visit[] = bytes > harmlessBytes ? [{ desc, json }] : [];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    visitMessage(visit, registry, pending);
  }
}

function visitMessage({ desc, json }: Visit, registry: Registry, pending: Visit[]): void {
  if (free.test(desc.typeName)) {
    return;
  }
  if (typeof json === "string") {
    refuseLong(json, `a ${desc.typeName}`); // a wrapper, a time or a duration
  } else if (typeof json === "object" && json !== null && !Array.isArray(json)) {
    if (desc.typeName === "google.protobuf.Any") {
      visitAny(json, registry, pending);
      return;
    }
    const fields = fieldsOf(desc);
    for (const [name, value] of Object.entries(json)) {
      const field = fields.get(name) ?? registry.getExtension(name.slice(1, -1));
      if (field !== undefined && value !== undefined) {
        visitField(field, value, pending);
      }
    }
  }
}

function visitAny(json: { readonly [name: string]: JsonValue }, registry: Registry, pending: Visit[]): void {
  const type = json["@type"];
  const desc =
    typeof type === "string" ? registry.getMessage(type.slice(type.lastIndexOf("/") + 1)) : undefined;
  if (desc !== undefined) {
    // The JSON of a well-known type stands in `value`; that of others is the object itself.
    pending.push({ desc, json });
    if (json.value !== undefined) {
      pending.push({ desc, json: json.value });
    }
  }
}

function visitField(field: DescField | DescExtension, json: JsonValue, pending: Visit[]): void {
  const { fieldKind } = field;
  if (fieldKind === "list" && Array.isArray(json)) {
    for (const item of json) {
      visitValue(field, item, pending);
    }
  } else if (fieldKind === "map" && typeof json === "object" && json !== null && !Array.isArray(json)) {
    for (const [key, value] of Object.entries(json)) {
      if (field.mapKey !== ScalarType.STRING) {
        refuseLong(key, `a key of ${field.toString()}`);
      }
      visitValue(field, value as JsonValue, pending);
    }
  } else {
    visitValue(field, json, pending);
  }
}

function visitValue(field: DescField | DescExtension, json: JsonValue, pending: Visit[]): void {
  if (field.message !== undefined) {
    pending.push({ desc: field.message, json });
  } else if (
    typeof json === "string" &&
    field.scalar !== ScalarType.STRING &&
    field.scalar !== ScalarType.BYTES
  ) {
    refuseLong(json, field.toString());
  }
}

function refuseLong({ length }: string, where: string): void {
  if (length > maxLength) {
    throw new RangeError(
      `${where} has a value of ${length} characters: no number, name or time is longer than ${maxLength}`,
    );
  }
}

const knownFields = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

/** Fields by both of the names that JSON may have for them. */
function fieldsOf(desc: DescMessage): ReadonlyMap<string, DescField> {
  const known = knownFields.get(desc);
  if (known !== undefined) {
    return known;
  }
  const fields = new Map(
    desc.fields.flatMap((field): [string, DescField][] => [
      [field.name, field],
      [field.jsonName, field],
    ]),
  );
  knownFields.set(desc, fields);
  return fields;
}
