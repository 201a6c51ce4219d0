import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** An order for `org.example.Orders/Place`. Text is JSON, bytes are Protobuf. */
export type Message = string | Uint8Array;

const levels = (count: number, open: string, close: string) => open.repeat(count) + close.repeat(count);

/** Malformed orders in JSON, and the text of the refusal. */
export const refusedJson: readonly (readonly [name: string, order: string, why: RegExp])[] = [
  ["lists 10,000 deep", `{"extra":{"a":${levels(10_000, "[", "]")}}}`, /recursion depth of 100/],
  ["objects 100,000 deep", `{"extra":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`, /recursion depth/],
  ["lists that never end", '{"extra":{"a":[[[[[[', /JSON/],
  ["a number that is not one", '{"weight":NaN}', /NaN/],
  ["the name of one in lower case", '{"weight":"nan"}', /weight/],
  ["a number beyond all doubles", '{"weight":1e400}', /infinite/],
  ["an integer that no double holds", '{"weight":123456789012345678901234567890}', /weight/],
  ["2^63", '{"number":"9223372036854775808"}', /out of range/],
  ["2^63 as a number", '{"number":9223372036854775808}', /out of range/],
  ["22 digits", '{"number":10000000000000000000000}', /out of range/],
  ["half an integer", '{"number":1.5}', /out of range/],
  ["a negative checksum", '{"checksum":-1}', /out of range/],
  ["2^64", '{"checksum":"18446744073709551616"}', /out of range/],
  ["true for a number", '{"number":true}', /got true/],
  ["an enum's value of no known name", '{"priority":"PRIORITY_MEDIUM"}', /PRIORITY_MEDIUM/],
  ["an enum's value beyond 32 bits", '{"priority":4294967296}', /out of range/],
  ["half of an enum's value", '{"priority":1.5}', /1\.5/],
  ["both of a oneof", '{"iban":"DE02","card":{}}', /oneof set multiple times/],
  [
    "a field by both of its names",
    '{"placedAt":null,"placed_at":null,"placedAt":"2020-01-01T00:00:00Z","placed_at":"2020-01-01T00:00:00Z"}',
    /multiple times/,
  ],
  ["half a surrogate pair", '{"note":"\\ud800"}', /UTF8/],
  ["no base64", '{"signature":"!"}', /base64/],
  ["a year of five digits", '{"placedAt":"10000-01-01T00:00:00Z"}', /RFC 3339/],
  ["a duration of more than 10,000 years", '{"patience":"315576000001s"}', /Duration/],
  ["an unknown field", '{"surprise":1}', /"surprise" is unknown/],
  ["__proto__ for a field", '{"__proto__":{"number":5}}', /"__proto__" is unknown/],
  ["a list for a message", "[]", /Order/],
  ["null", "null", /Order|null/],
  ["nothing", "", /JSON/],
  ["two messages", "{}{}", /JSON/],
];

/** A field that is delimited by its length. */
const delimited = (field: number, value: Uint8Array): Uint8Array =>
  new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(value).finish();
/** An order whose Struct has a list in a list, and so on. */
const deepOrder = (depth: number): Uint8Array => {
  let value: Uint8Array = Buffer.from([0x08, 0]);
  for (let i = 0; i < depth; i += 1) {
    value = delimited(6, delimited(1, value));
  }
  return delimited(11, delimited(1, Buffer.concat([delimited(1, Buffer.from("a")), delimited(2, value)])));
};
/** Field 100, a group in a group, and so on. No message has it. */
const groups = (open: number, close = open): Buffer =>
  Buffer.concat([
    Buffer.alloc(2 * open, Buffer.from([0xa3, 0x06])),
    Buffer.alloc(2 * close, Buffer.from([0xa4, 0x06])),
  ]);

/** The same in Protobuf. */
export const refusedBytes: readonly (readonly [name: string, order: Uint8Array, why: RegExp])[] = [
  ["lists 50 deep, of two messages each", deepOrder(50), /recursion depth/],
  ["lists 2,000 deep", deepOrder(2_000), /recursion depth/],
  ["unknown groups 101 deep", groups(101), /recursion depth/],
  ["unknown groups 100,000 deep", groups(100_000), /recursion depth/],
  ["a group without an end", groups(1, 0), /premature EOF|group/],
  ["a group's end without a group", groups(0, 1), /group|tag|wire/],
  ["text that is not UTF-8", Buffer.from([0x42, 2, 0xff, 0xfe]), /utf-8/],
  ["text of UTF-8 that is too long", Buffer.from([0x42, 2, 0xc0, 0x80]), /utf-8/],
  ["text of half a surrogate pair", Buffer.from([0x42, 3, 0xed, 0xa0, 0x80]), /utf-8/],
  ["a length beyond its end", Buffer.from([0x42, 100, 0x61]), /premature EOF/],
  ["a length of 4 GB", Buffer.from([0x42, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x61]), /premature EOF/],
  ["a length below zero", Buffer.from([0x42, ...Buffer.alloc(9, 0xff), 1, 0x61]), /premature EOF|length/],
  ["a varint of eleven bytes", Buffer.from([0x08, ...Buffer.alloc(10, 0xff), 1]), /varint/],
  ["half a varint", Buffer.from([0x08, 0xff]), /premature EOF|varint/],
  ["half a fixed64", Buffer.from([0x79, 1, 2, 3]), /premature EOF|bounds/],
  ["packed numbers that are cut", Buffer.from([0x82, 0x01, 2, 0xff, 0xff]), /premature EOF|varint/],
  ["a field of number 0", Buffer.from([0x00, 1]), /illegal tag/],
  ["a field of wire type 6", Buffer.from([0x0e, 1]), /wire type|illegal tag/],
];

/** Orders that are strange, and what they say all the same. */
export const accepted: readonly (readonly [name: string, order: Message, got: object])[] = [
  ["__proto__ in a Struct", '{"extra":{"__proto__":{"polluted":1}}}', { extra: ownProto({ polluted: 1 }) }],
  [
    "__proto__ in a map",
    '{"labels":{"__proto__":"x","constructor":"y"}}',
    { labels: { ...ownProto("x"), constructor: "y" } },
  ],
  ["NaN by its name", '{"weight":"NaN"}', { weight: "NaN" }],
  ["Infinity by its name", '{"weight":"-Infinity"}', { weight: "-Infinity" }],
  ["the largest double", '{"weight":1.7976931348623157e308}', { weight: Number.MAX_VALUE }],
  ["the smallest integer", '{"number":"-9223372036854775808"}', { number: "-9223372036854775808" }],
  ["an integer in exponents", '{"number":1e3}', { number: "1000" }],
  [
    "an enum's value of no known name",
    '{"priority":99,"history":[1,-1]}',
    { priority: 99, history: ["PRIORITY_LOW", -1] },
  ],
  ["a field twice: the last", '{"note":"a","note":"b"}', { note: "b" }],
  ["a oneof twice: the last", Buffer.from([0x22, 1, 0x61, 0x2a, 0]), { card: {} }],
  ["a number twice: the last", Buffer.from([0x08, 1, 0x08, 2]), { number: "2" }],
  [
    "a message twice: both",
    Buffer.from([0x2a, 3, 0x0a, 1, 0x61, 0x2a, 2, 0x10, 7]),
    { card: { holder: "a", lastDigits: 7 } },
  ],
  ["an unknown enum's value", Buffer.from([0x18, 0x63]), { priority: 99 }],
  ["NaN", Buffer.from([0x71, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]), { weight: "NaN" }],
  ["unknown groups 50 deep", groups(50), {}],
  [
    "a number that is not packed in a list that is",
    Buffer.from([0x80, 0x01, 1, 0x82, 0x01, 1, 2]),
    { history: ["PRIORITY_LOW", "PRIORITY_HIGH"] },
  ],
];

/** `{ __proto__: value }` as in JSON: a name like any other. */
function ownProto(value: unknown): object {
  return JSON.parse(`{"__proto__":${JSON.stringify(value)}}`) as object;
}
