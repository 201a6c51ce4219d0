import { Code, ConnectError } from "@connectrpc/connect";

/** The chunks of a body that may not be larger than so many bytes. */
export interface Chunks {
  readonly all: readonly Buffer[];
  add(this: void, chunk: Buffer): void;
}

/** Gathers chunks. Calls `refuse` with `resource_exhausted` at the one that is too many. */
export function chunksUpTo(
  maxBytes = Number.POSITIVE_INFINITY,
  refuse: (error: ConnectError) => void,
): Chunks {
  const all: Buffer[] = [];
  let bytes = 0;
  return {
    all,
    add(chunk) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) {
        all.push(chunk);
      } else {
        refuse(new ConnectError(`the answer is larger than ${maxBytes} bytes`, Code.ResourceExhausted));
      }
    },
  };
}
