import { createHmac, randomFillSync } from "node:crypto";
import type { Target } from "../../../model/target.ts";
import { decodeBase62, writeBase62 } from "./base62.ts";
import type { PartitionHash } from "./partition-key.ts";

/**
 * An invocation's id as the store keeps it: 16 bytes that identify it, then the 8 of its partition key.
 * In this order the ids of one moment are neighbours in an index.
 */
export type IdBytes = Uint8Array;

const idLength = 24;
const uniqueLength = 16;
const prefix = "inv_1";
const partitionDigits = 11;
const uniqueDigits = 22;
/** The text of an id while it is written. */
const idText = Buffer.from(prefix.padEnd(prefix.length + partitionDigits + uniqueDigits), "latin1");

/** Random bytes are drawn for many ids at once: a draw costs more than an id. */
const pool = new Uint8Array(18 * 256);
let poolUsed = pool.length;

/**
 * A new id: 48 bits of time (ms), 80 random bits as in a ULID, and the partition key of the object key
 * (random for an UNKEYED service).
 */
export function randomId(key: string | undefined, hash: PartitionHash): IdBytes {
  if (poolUsed + 18 > pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const id = new Uint8Array(idLength);
  const now = Date.now();
  const high = Math.floor(now / 2 ** 32);
  const low = now % 2 ** 32;
  id[0] = high >>> 8;
  id[1] = high;
  id[2] = low >>> 24;
  id[3] = low >>> 16;
  id[4] = low >>> 8;
  id[5] = low;
  for (let i = 0; i < 18; i++) {
    id[6 + i] = pool[poolUsed + i] ?? 0;
  }
  poolUsed += 18;
  if (key !== undefined) {
    id.set(hash(key), uniqueLength);
  }
  return id;
}

/** The secret of a store and the hash of keys: what derived ids are made by. */
export interface IdSource {
  readonly hash: PartitionHash;
  /** Without it an id cannot be computed from a name, an idempotency key or a workflow's id. */
  readonly secret: Uint8Array;
}

/**
 * The id that these parts stand for, within service, method and object key: HMAC-SHA256, keyed by the secret of the
 * store, over the parts, each after its length. So the store's unique index on ids is what refuses duplicates.
 */
export function derivedId(
  { hash, secret }: IdSource,
  { service, method, key }: Target,
  parts: readonly string[],
): IdBytes {
  const hmac = createHmac("sha256", secret);
  for (const part of [service, method, key === undefined ? "-" : `+${key}`, ...parts]) {
    hmac.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  const id = new Uint8Array(idLength);
  id.set(hmac.digest().subarray(0, idLength));
  if (key !== undefined) {
    id.set(hash(key), uniqueLength);
  }
  return id;
}

/** The id as users see it: `inv_1` and 33 digits of base 62. */
export function formatId(id: IdBytes): string {
  // Restate swaps the bytes before it divides, so the most significant byte comes first in memory and last here.
  writeBase62(idText, prefix.length, partitionDigits, id, uniqueLength, idLength);
  writeBase62(idText, prefix.length + partitionDigits, uniqueDigits, id, 0, uniqueLength);
  return idText.toString("latin1");
}

/** Reads what {@link formatId} wrote; undefined if it is not an invocation id. */
export function parseId(text: string): IdBytes | undefined {
  if (!text.startsWith(prefix) || text.length !== prefix.length + partitionDigits + uniqueDigits) {
    return undefined;
  }
  const split = prefix.length + partitionDigits;
  const partition = decodeBase62(text.slice(prefix.length, split), 64);
  const unique = decodeBase62(text.slice(split), 128);
  if (partition === undefined || unique === undefined) {
    return undefined;
  }
  const id = new Uint8Array(idLength);
  const view = new DataView(id.buffer);
  view.setBigUint64(0, BigInt.asUintN(64, unique), true);
  view.setBigUint64(8, unique >> 64n, true);
  view.setBigUint64(uniqueLength, partition, true);
  return id;
}
