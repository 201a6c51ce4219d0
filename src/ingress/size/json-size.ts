import type { DescMessage, Registry } from "@bufbuild/protobuf";
import { shapeOf } from "./shape.ts";

/** What a JSON text holds. */
export interface JsonSize {
  /** About how many bytes of memory its message takes once it is decoded, the text of strings not counted. */
  readonly size: number;
  /** How many objects and arrays are inside of each other. */
  readonly depth: number;
}

/** What the pieces of a message's JSON take in memory at most, bytes. */
interface Weights {
  readonly object: number;
  readonly element: number;
  /** Whether a comma in a string may separate elements: the JSON of a `FieldMask` is one string. */
  readonly hasLists: boolean;
}

/** A number, text, map or list, bytes. */
const plain = 32;

const quote = 0x22;
const backslash = 0x5c;

/** Weighs the JSON of messages, before any of it is parsed. */
export type WeighJson = (schema: DescMessage, text: Uint8Array, atMost: number) => JsonSize;

/**
 * Weighs the JSON of messages that have these inside of `google.protobuf.Any`: three bytes can be a message
 * of their own. It stops to count beyond `atMost`.
 */
export function jsonSizer(registry: Registry): WeighJson {
  const known = new WeakMap<DescMessage, Weights>();
  return (schema, text, atMost) => {
    const weights = known.get(schema) ?? weightsOf(schema, registry);
    known.set(schema, weights);
    return weigh(text, weights, shapeOf(schema).size, atMost);
  };
}

function weigh(text: Uint8Array, weights: Weights, start: number, atMost: number): JsonSize {
  let size = start;
  let open = 0;
  let depth = 0;
  for (let i = 0; i < text.byteLength && size <= atMost; i += 1) {
    switch (text[i]) {
      case quote:
        i = weights.hasLists ? i : endOfString(text, i);
        break;
      case 0x7b: // {
        size += weights.object;
        open += 1;
        depth = Math.max(depth, open);
        break;
      case 0x5b: // [
        size += weights.element;
        open += 1;
        depth = Math.max(depth, open);
        break;
      case 0x2c: // ,
        size += weights.element;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        open -= 1;
    }
  }
  return { size, depth };
}

function endOfString(text: Uint8Array, start: number): number {
  let i = start + 1;
  while (i < text.byteLength && text[i] !== quote) {
    i += text[i] === backslash ? 2 : 1;
  }
  return i;
}

/** The messages whose JSON is not an object. */
const scalarTypes = /^google\.protobuf\.(\w*Value|Timestamp|Duration|FieldMask)$/;

/** An object may be any message inside of this one, and so may a number or text: JSON has some in these forms. */
function weightsOf(schema: DescMessage, registry: Registry): Weights {
  const inside = [...messagesInside(schema, registry)];
  const largest = (messages: readonly DescMessage[]) =>
    Math.max(plain, ...messages.map((one) => shapeOf(one).size));
  return {
    object: largest(inside),
    element: largest(inside.filter(({ typeName }) => scalarTypes.test(typeName))),
    hasLists: [schema, ...inside].some(({ typeName }) => typeName === "google.protobuf.FieldMask"),
  };
}

function messagesInside(schema: DescMessage, registry: Registry): Set<DescMessage> {
  const found = new Set<DescMessage>();
  const pending = [schema];
  for (let desc = pending.pop(); desc !== undefined; desc = pending.pop()) {
    const inside =
      desc.typeName === "google.protobuf.Any"
        ? [...registry].filter((type) => type.kind === "message")
        : desc.fields.flatMap(({ message }) => message ?? []);
    for (const message of inside) {
      if (!found.has(message)) {
        found.add(message);
        pending.push(message);
      }
    }
  }
  return found;
}
