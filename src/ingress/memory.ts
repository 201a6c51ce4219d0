import { Code, ConnectError } from "@connectrpc/connect";
import type { Limits } from "./limits.ts";
import type { Format } from "./protocol/protocol.ts";

/** What one request holds in memory. */
export interface RequestMemory {
  /** Counts bytes until the request is answered. Throws `resource_exhausted` when all requests hold too many. */
  hold(bytes: number): void;
  /** What the parts of one message may take. */
  readonly maxDecodedBytes: number;
  /**
   * Counts a message that is about to be decoded: what its parts will take, and its text, which is copied.
   * Throws `resource_exhausted` too when the parts are too much by themselves.
   */
  holdDecoded(parts: number, text: number): void;
  /**
   * Counts an outcome that is about to be loaded, and its answer in this format. Throws `resource_exhausted` when all
   * requests hold too much.
   */
  holdOutcome(bytes: number, format: Format): void;
  /** From here on, nothing but the answer is held: it is made, and nothing is gained by refusing it. */
  keepAnswer(bytes: number): void;
  /** Gives back all that was counted, and counts no more. */
  release(): void;
}

/** What a request may hold however much others do, bytes: a few large ones shall not stop all the small ones. */
const smallBytes = 16 * 1024;

/**
 * How many times its size an outcome takes until it is an answer: as it is stored, and framed; in JSON also as a
 * message and as text.
 */
const outcomeCopies = { binary: 2, json: 4 } as const satisfies Record<Format, number>;

/** Memory without a limit: for requests of our own handlers. */
export const unlimitedMemory: RequestMemory = {
  hold() {},
  maxDecodedBytes: Number.POSITIVE_INFINITY,
  holdDecoded() {},
  holdOutcome() {},
  keepAnswer() {},
  release() {},
};

/** Counts what all requests of a server hold in memory. */
export function serverMemory({ maxBufferedBytes, maxDecodedBytes }: Limits): () => RequestMemory {
  let held = 0;

  return () => {
    let own = 0;
    let released = false;

    function hold(bytes: number): void {
      if (held + bytes > maxBufferedBytes && own + bytes > smallBytes) {
        throw new ConnectError(
          `the requests that this server is answering take all of the ${maxBufferedBytes} bytes that it has for them`,
          Code.ResourceExhausted,
          { "retry-after": "1" },
        );
      }
      count(bytes);
    }
    function count(bytes: number): void {
      if (!released) {
        own += bytes;
        held += bytes;
      }
    }

    return {
      hold,
      maxDecodedBytes,
      holdDecoded(parts, text) {
        if (parts > maxDecodedBytes) {
          throw new ConnectError(
            `the parts of the request's message would take more than the ${maxDecodedBytes} bytes of memory that this server has for those of one: send less at once`,
            Code.ResourceExhausted,
          );
        }
        hold(parts + text);
      },
      holdOutcome(bytes, format) {
        hold(bytes * outcomeCopies[format]);
      },
      keepAnswer(bytes) {
        count(bytes - own);
      },
      release() {
        released = true;
        held -= own;
        own = 0;
      },
    };
  };
}
