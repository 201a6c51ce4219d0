import { type DescMessage, fromBinary, type Registry, toJson } from "@bufbuild/protobuf";

/** A payload for people. */
export interface Payload {
  readonly text: string;
  /** What is to be said of it. Undefined: it is a message as its descriptor has it. */
  readonly remark?: string;
}

/** Reads a message by its descriptor. Services behind Restate may take JSON: then it is shown as it is. */
export function readPayload(bytes: Uint8Array, schema: DescMessage | undefined, registry: Registry): Payload {
  const json = asJson(bytes);
  if (schema === undefined) {
    return json === undefined
      ? { text: "", remark: `${bytes.byteLength} bytes of a method that the server does not have` }
      : { text: json, remark: "JSON of a method that the server does not have" };
  }
  try {
    const message = fromBinary(schema, bytes);
    return {
      text: JSON.stringify(toJson(schema, message, { registry, alwaysEmitImplicit: true }), undefined, 2),
    };
  } catch {
    return json === undefined
      ? { text: "", remark: `${bytes.byteLength} bytes that are not a ${schema.typeName}` }
      : { text: json };
  }
}

function asJson(bytes: Uint8Array): string | undefined {
  try {
    return JSON.stringify(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), undefined, 2);
  } catch {
    return undefined;
  }
}
