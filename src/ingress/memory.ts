import { Code, ConnectError } from "@connectrpc/connect";
import { refusal } from "../model/refusal.ts";
import type { Limits } from "./limits.ts";
import type { Format } from "./protocol/protocol.ts";

/** What one request holds in memory. */
export interface RequestMemory {
  /** Counts bytes until the request is answered. Throws `resource_exhausted` when all requests hold too many. */
  hold(bytes: number): void;
  /** How large a request message may be, uncompressed. */
  readonly maxMessageBytes: number;
  /** What the parts of one message may take. */
  readonly maxDecodedBytes: number;
  /**
   * Counts a message that is about to be decoded: what its parts will take, and its text, which is copied.
   * Throws `resource_exhausted` too when the parts are too much by themselves.
   */
  holdDecoded(parts: number, text: number): void;
  /**
   * Counts an outcome that is about to be loaded, and its response in this format. Throws `resource_exhausted` when all
   * requests hold too much.
   */
  holdOutcome(bytes: number, format: Format): void;
  /** From here on, nothing but the response is held: it is made, and nothing is gained by refusing it. */
  keepResponse(bytes: number): void;
  /** Gives back all that was counted, and counts no more. */
  release(): void;
}

/** Bytes that a request may hold regardless of others, so that a few large requests do not stop all small ones. */
const smallBytes = 16 * 1024;

/**
 * How many times its size an outcome takes until it is a response: as it is stored, and framed; in JSON also as a
 * message and as text.
 */
const outcomeCopies = { binary: 2, json: 4 } as const satisfies Record<Format, number>;

/** Memory without a limit: for requests of our own handlers. */
export const unlimitedMemory: RequestMemory = {
  hold() {},
  maxMessageBytes: Number.POSITIVE_INFINITY,
  maxDecodedBytes: Number.POSITIVE_INFINITY,
  holdDecoded() {},
  holdOutcome() {},
  keepResponse() {},
  release() {},
};

/** What all requests of a server hold in memory. */
interface ServerMemory {
  readonly limits: Limits;
  held: number;
}

/** Counts what all requests of a server hold in memory. */
export function serverMemory(limits: Limits): () => RequestMemory {
  const server: ServerMemory = { limits, held: 0 };
  return () => new CountedMemory(server);
}

class CountedMemory implements RequestMemory {
  readonly #server: ServerMemory;
  #own = 0;
  #isReleased = false;

  constructor(server: ServerMemory) {
    this.#server = server;
  }

  get maxMessageBytes(): number {
    return this.#server.limits.maxMessageBytes;
  }
  get maxDecodedBytes(): number {
    return this.#server.limits.maxDecodedBytes;
  }

  hold(bytes: number): void {
    const { held, limits } = this.#server;
    if (held + bytes > limits.maxBufferedBytes && this.#own + bytes > smallBytes) {
      const message = `the requests that this server is answering take all of the ${limits.maxBufferedBytes} bytes that it has for them`;
      const error = new ConnectError(message, Code.ResourceExhausted, { "retry-after": "1" });
      throw refusal("memory_full", error);
    }
    this.#count(bytes);
  }

  holdDecoded(parts: number, text: number): void {
    const { maxDecodedBytes } = this;
    if (parts > maxDecodedBytes) {
      const message = `the parts of the request's message would take more than the ${maxDecodedBytes} bytes of memory that this server has for those of one: send less at once`;
      throw refusal("message_too_large", new ConnectError(message, Code.ResourceExhausted));
    }
    this.hold(parts + text);
  }

  holdOutcome(bytes: number, format: Format): void {
    this.hold(bytes * outcomeCopies[format]);
  }

  keepResponse(bytes: number): void {
    this.#count(bytes - this.#own);
  }

  #count(bytes: number): void {
    if (!this.#isReleased) {
      this.#own += bytes;
      this.#server.held += bytes;
    }
  }

  release(): void {
    this.#isReleased = true;
    this.#server.held -= this.#own;
    this.#own = 0;
  }
}
