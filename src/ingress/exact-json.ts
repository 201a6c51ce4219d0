import type { JsonValue } from "@bufbuild/protobuf";

/** What a reviver gets as its third argument; TypeScript's library does not have it yet. */
interface ReviverContext {
  readonly source?: string;
}

/**
 * Parses JSON without rounding: an integer that a double cannot hold becomes a `bigint`. Protobuf takes that
 * for a 64-bit field, and refuses it for a `double` or a `google.protobuf.Value`, which cannot hold it
 * either. Rounding it silently would make another number of, say, the id of an account.
 */
export function parseExactJson(text: string): JsonValue {
  // Shorter integers are exact, and a reviver is slow.
  if (!/\d{16}/.test(text)) {
    return JSON.parse(text);
  }
  return JSON.parse(
    text,
    function exact(this: unknown, _key: string, value: unknown, context?: ReviverContext) {
      const source = context?.source;
      return typeof value === "number" &&
        source !== undefined &&
        /^-?\d+$/.test(source) &&
        BigInt(value) !== BigInt(source)
        ? BigInt(source)
        : value;
    },
  );
}
