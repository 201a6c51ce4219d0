import type { IdBytes } from "./invocation-id.ts";

/** The invocation that waits for an awakeable, and its index among the awakeables of the handler, from 0. */
export interface AwakeableKey {
  readonly invocation: IdBytes;
  readonly index: number;
}

const prefix = "prom_1";
const uniqueLength = 16;
const partitionLength = 8;
const idLength = uniqueLength + partitionLength;
const keyLength = idLength + 4;

/** The awakeable's id, Restate's: `prom_1` and base64url of partition key, unique part and index. */
export function formatAwakeableId({ invocation, index }: AwakeableKey): string {
  const bytes = Buffer.alloc(keyLength);
  bytes.set(invocation.subarray(uniqueLength), 0);
  bytes.set(invocation.subarray(0, uniqueLength), partitionLength);
  bytes.writeUInt32BE(index, idLength);
  return prefix + bytes.toString("base64url");
}

/** Reads what {@link formatAwakeableId} wrote, or says what is wrong with it. */
export function parseAwakeableId(text: string): AwakeableKey | { readonly problem: string } {
  if (!text.startsWith(prefix)) {
    return { problem: "id doesn't match the expected type" };
  }
  const encoded = text.slice(prefix.length);
  if (!/^[A-Za-z0-9_-]*$/.test(encoded)) {
    return { problem: "bad format" };
  }
  const bytes = Buffer.from(encoded, "base64url");
  if (bytes.length !== keyLength || bytes.toString("base64url") !== encoded) {
    return { problem: "bad length" };
  }
  const invocation = new Uint8Array(idLength);
  invocation.set(bytes.subarray(partitionLength, idLength), 0);
  invocation.set(bytes.subarray(0, partitionLength), uniqueLength);
  return { invocation, index: bytes.readUInt32BE(idLength) };
}
