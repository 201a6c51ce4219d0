import { Code, ConnectError } from "@connectrpc/connect";

/** The body of a response while it arrives. */
export interface BodyCollector {
  /** Takes the next chunk. */
  add(this: void, chunk: Buffer): void;
  /** The body so far. A plain Uint8Array: views on it become `bytes` fields, where a Buffer surprises. */
  join(): Uint8Array;
}

/** Collects a body of at most `maxBytes`. Calls `refuse` with `resource_exhausted` when it is larger. */
export function collectBody(
  maxBytes = Number.POSITIVE_INFINITY,
  refuse: (error: ConnectError) => void,
): BodyCollector {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) {
        chunks.push(chunk);
      } else {
        refuse(new ConnectError(`the response is larger than ${maxBytes} bytes`, Code.ResourceExhausted));
      }
    },
    join() {
      const [only, ...others] = chunks;
      const { buffer, byteOffset, byteLength } =
        only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
      return new Uint8Array(buffer, byteOffset, byteLength);
    },
  };
}
