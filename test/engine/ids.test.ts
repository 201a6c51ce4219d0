import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAwakeableId, parseAwakeableId } from "../../src/engine/embedded/ids/awakeable-id.ts";
import { decodeBase62, writeBase62 } from "../../src/engine/embedded/ids/base62.ts";
import { derivedId, formatId, parseId, randomId } from "../../src/engine/embedded/ids/invocation-id.ts";
import { loadPartitionHash } from "../../src/engine/embedded/ids/partition-key.ts";
import { keyed, unkeyed } from "./support.ts";

const hash = await loadPartitionHash();
const source = { hash, secret: new Uint8Array(32).fill(1) };
const idBytes = fc.uint8Array({ minLength: 24, maxLength: 24 });

test.each([
  ["", 14374147212387527897n, "x3s6u2-HrNk"],
  ["bob", 350159681734850101n, "BNwEYBR4NjU"],
  ["my-counter", 8324461148789257109n, "c4ZtT1gfs5U"],
])("the partition key of %j is Restate's", (key, number, base64) => {
  const bytes = Buffer.from(hash(key));
  expect(bytes.readBigUInt64BE()).toBe(number);
  expect(bytes.toString("base64url")).toBe(base64);
});

test("an id is inv_1, 11 digits of the key's partition and 22 of its own", () => {
  const ids = Array.from({ length: 100 }, () => formatId(randomId("bob", hash)));
  expect(new Set(ids).size).toBe(100);
  expect(new Set(ids.map((id) => id.slice(0, 16))).size).toBe(1);
  for (const id of ids) {
    expect(id).toMatch(/^inv_1[0-9A-Za-z]{33}$/);
  }
  const free = Array.from({ length: 100 }, () => formatId(randomId(undefined, hash)));
  expect(new Set(free.map((id) => id.slice(0, 16))).size).toBe(100);
});

test("ids of later moments sort behind, so that an index grows at its end", () => {
  const id = randomId(undefined, hash);
  const view = new DataView(id.buffer);
  const time = view.getUint16(0) * 2 ** 32 + view.getUint32(2);
  expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
});

/** Writes a number of up to 16 bytes. */
function encodeBase62(value: bigint, width: number): string {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
  const text = Buffer.alloc(width);
  writeBase62(text, 0, width, bytes, 0, 16);
  return text.toString("latin1");
}

test("base 62 swaps bytes, divides and pads as Restate does", () => {
  expect(encodeBase62(0n, 11)).toBe("00000000000");
  expect(encodeBase62(61n, 11)).toBe("0000000000Z");
  expect(encodeBase62(62n, 11)).toBe("00000000010");
  expect(encodeBase62(2n ** 64n - 1n, 11)).toBe("lYGhA16ahyf");
  expect(encodeBase62(2n ** 128n - 1n, 22)).toBe("7N42dgm5tFLK9N8MT7fHC7");
  expect(decodeBase62("ZZZZZZZZZZZ", 64)).toBeUndefined();
  const one = new Uint8Array(24);
  one[16] = 1;
  expect(formatId(one)).toBe(`inv_1${"0".repeat(10)}1${"0".repeat(22)}`);
});

test("every id survives its text", () => {
  fc.assert(
    fc.property(idBytes, (bytes) => {
      expect(parseId(formatId(bytes))).toEqual(bytes);
    }),
  );
});

test("malformed ids are recognized", () => {
  const id = formatId(randomId("bob", hash));
  for (const text of [
    "",
    "inv_1",
    id.slice(1),
    `${id}0`,
    id.slice(0, -1),
    id.replace("_1", "_2"),
    `${id.slice(0, -1)}-`,
  ]) {
    expect(parseId(text)).toBeUndefined();
  }
});

test("an idempotency key stands for one id within service, method and object key", () => {
  const targets = [
    [unkeyed("a", "b"), "c"],
    [unkeyed("a", "bc"), ""],
    [unkeyed("ab", "c"), ""],
    [keyed("a", "b", ""), "c"],
    [keyed("a", "b", "c"), ""],
    [keyed("a", "b", "-"), "c"],
  ] as const;
  const ids = targets.map(([target, key]) => formatId(derivedId(source, target, ["key", key])));
  expect(new Set(ids).size).toBe(targets.length);
  expect(formatId(derivedId(source, unkeyed("a", "b"), ["key", "c"]))).toBe(ids[0]);
});

test("an idempotency key's id depends on the secret of the store: it cannot be computed from names", () => {
  const target = keyed("a", "b", "k");
  const other = { hash, secret: new Uint8Array(32).fill(2) };
  const [one, two] = [source, other].map((each) => derivedId(each, target, ["key", "c"]).subarray(0, 16));
  expect(one).not.toEqual(two);
});

test("every awakeable id survives its text", () => {
  fc.assert(
    fc.property(idBytes, fc.nat(2 ** 32 - 1), (invocation, index) => {
      const id = formatAwakeableId({ invocation, index });
      expect(id).toMatch(/^prom_1[A-Za-z0-9_-]{38}$/);
      expect(parseAwakeableId(id)).toEqual({ invocation, index });
    }),
  );
});

test("the awakeable of Restate's documentation is read", () => {
  expect(parseAwakeableId("prom_1NMyOAvDK2CcBjUH4Rmb7eGBp0DNNDnmsAAAAAQ")).toMatchObject({ index: 1 });
});
