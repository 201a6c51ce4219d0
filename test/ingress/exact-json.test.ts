import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExactJson } from "../../src/ingress/exact-json.ts";

/** What JSON text says of a value: a number as its digits, whether it came as one or as a `bigint`. */
const written = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt().map(String),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => JSON.stringify(double)),
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
    fc.constantFrom(
      "null",
      "true",
      '"9007199254740993"',
      '"\\"9007199254740993,"',
      '"\\\\"',
      "0.12345678901234567",
    ),
    fc.array(tie("value")).map((values) => `[${values.join(" , ")}]`),
    fc
      .array(fc.tuple(fc.string(), tie("value")))
      .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
  ),
})).value;

/** The same by a reviver: slow, and simple enough to be right. */
function parseByReviver(text: string): unknown {
  return JSON.parse(text, function exact(this: unknown, _, value, context?: { source?: string }) {
    const source = context?.source ?? "";
    return typeof value === "number" && /^-?\d+$/.test(source) && BigInt(value) !== BigInt(source)
      ? BigInt(source)
      : value;
  });
}

describe("parseExactJson", () => {
  it("keeps each integer, and changes nothing else", () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(parseExactJson(text)).toEqual(parseByReviver(text));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    "[01234567890123456789]",
    '{12345678901234567890:"a key is a string"}',
    "[12345678901234567890 1]",
    '["a" 12345678901234567890]',
    "12345678901234567890 x",
    "--12345678901234567890",
    '["12345678901234567890]',
    '["\\"12345678901234567890]',
  ])("refuses %s as JSON.parse does", (text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });

  it("refuses an integer that is larger than any number", () => {
    expect(() => parseExactJson("9".repeat(1_000_000))).toThrow("99999999999999999999... is larger than");
  });

  it("takes text that nests deeper than the stack, and long strings of escapes", () => {
    const deep = `${"[".repeat(200_000)}9007199254740993${"]".repeat(200_000)}`;
    expect(parseExactJson(deep)).toBeInstanceOf(Array);
    const long = `["${"\\n".repeat(5_000_000)}",9007199254740993]`;
    expect(parseExactJson(long)).toEqual(["\n".repeat(5_000_000), 9007199254740993n]);
  });

  it("pollutes no prototype", () => {
    const value = parseExactJson('{"__proto__":{"polluted":9007199254740993},"a":9007199254740993}');
    expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
    expect(Object.getOwnPropertyDescriptor(value, "__proto__")?.value).toEqual({
      polluted: 9007199254740993n,
    });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
