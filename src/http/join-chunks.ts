/** A body of its chunks, as a plain Uint8Array: views on it become `bytes` fields, where a Buffer surprises. */
export function joinChunks(chunks: readonly Buffer[]): Uint8Array {
  const [only, ...others] = chunks;
  const { buffer, byteOffset, byteLength } =
    only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
