import { Code, ConnectError } from "@connectrpc/connect";
import { refusal } from "../../model/refusal.ts";
import type { RequestMemory } from "../memory.ts";
import type { BodySink, Exchange } from "./exchange.ts";
import { countPiece } from "./small-pieces.ts";

/** Who gets a body. One of the two is called, once. */
export interface BodyReceiver {
  onBody(body: Uint8Array): void;
  onBodyError(reason: unknown): void;
}

/**
 * So many bytes beyond the limit are still read, and dropped, before the refusal. A client that gets its
 * answer while it sends may give up sending, which HTTP/2 takes for a broken request: its reset would
 * overtake the answer.
 */
const dropBytes = 256 * 1024;

/**
 * Reads a whole body, without a promise: most come in one piece, with their headers.
 *
 * The receiver's error is a ConnectError `resource_exhausted` when the body is too large, or what `memory.hold` throws.
 */
export function readRequestBody(
  exchange: Exchange,
  maxBytes: number,
  memory: RequestMemory,
  receiver: BodyReceiver,
): void {
  const dropped = exchange.headers.expect === undefined ? dropBytes : 0;
  if (Number(exchange.headers["content-length"] ?? 0) > maxBytes + dropped) {
    receiver.onBodyError(tooLarge(maxBytes));
  } else {
    exchange.readBody(new RequestBody(exchange, maxBytes, memory, receiver));
  }
}

class RequestBody implements BodySink {
  readonly #exchange: Exchange;
  readonly #maxBytes: number;
  readonly #memory: RequestMemory;
  readonly #receiver: BodyReceiver;
  #isDone = false;
  #size = 0;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;

  constructor(exchange: Exchange, maxBytes: number, memory: RequestMemory, receiver: BodyReceiver) {
    this.#exchange = exchange;
    this.#maxBytes = maxBytes;
    this.#memory = memory;
    this.#receiver = receiver;
  }

  onData(piece: Buffer): void {
    if (this.#size > 0) {
      countPiece(this.#exchange, piece.byteLength);
    }
    this.#size += piece.byteLength;
    if (this.#isDone) {
      return; // the rest is read and dropped, so that a client that only writes comes to read the response
    }
    if (this.#size > this.#maxBytes + dropBytes) {
      this.#fail(tooLarge(this.#maxBytes));
    } else if (this.#size > this.#maxBytes) {
      this.#first = undefined;
      this.#more = undefined;
    } else {
      this.#keep(piece);
    }
  }

  #keep(piece: Buffer): void {
    try {
      this.#memory.hold(piece.byteLength);
    } catch (reason) {
      this.#fail(reason);
      return;
    }
    if (this.#first === undefined) {
      this.#first = piece;
    } else {
      this.#more ??= [this.#first];
      this.#more.push(piece);
    }
  }

  onEnd(): void {
    if (this.#isDone) {
      return;
    }
    if (this.#size > this.#maxBytes) {
      this.#fail(tooLarge(this.#maxBytes));
      return;
    }
    this.#isDone = true;
    this.#receiver.onBody(this.#more === undefined ? (this.#first ?? noBytes) : Buffer.concat(this.#more));
  }

  #fail(reason: unknown): void {
    this.#isDone = true;
    this.#first = undefined;
    this.#more = undefined;
    this.#receiver.onBodyError(reason);
  }
}

const noBytes = Buffer.alloc(0);

function tooLarge(maxBytes: number): ConnectError {
  const message = `the request is larger than ${maxBytes} bytes, the limit of this server`;
  return refusal("message_too_large", new ConnectError(message, Code.ResourceExhausted));
}
