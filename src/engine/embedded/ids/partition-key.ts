import { createXXHash3, type IHasher } from "hash-wasm";

/** The partition key of an object key, 8 bytes, big-endian. */
export type PartitionHash = (key: string) => Uint8Array;

/**
 * Restate's partition key: XXH3-64 over the key as Rust hashes a byte slice, which is its length as a
 * little-endian u64 and then its bytes. Loading the hash (WebAssembly) is what makes this asynchronous.
 */
export async function loadPartitionHash(): Promise<PartitionHash> {
  const hasher: IHasher = await createXXHash3();
  const encoder = new TextEncoder();
  return (key) => {
    const bytes = encoder.encode(key);
    const prefixed = new Uint8Array(8 + bytes.length);
    new DataView(prefixed.buffer).setBigUint64(0, BigInt(bytes.length), true);
    prefixed.set(bytes, 8);
    return hasher.init().update(prefixed).digest("binary");
  };
}
