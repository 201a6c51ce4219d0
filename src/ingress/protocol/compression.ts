import { createBrotliDecompress, createGunzip } from "node:zlib";
import { Code, ConnectError } from "@connectrpc/connect";
import type { AbortNotice } from "../../model/abort-notice.ts";
import type { Awaitable } from "../../model/awaitable.ts";
import { errorWithCause } from "../../model/error-with-cause.ts";
import { refusal } from "../../model/refusal.ts";
import { brotliCompressor, type CreateCompressor, compress, gzipCompressor } from "./compress.ts";
import type { Room } from "./protocol.ts";

/** A way to compress messages. */
interface Encoding {
  readonly name: string;
  readonly createCompressor: CreateCompressor;
  readonly createDecompressor: typeof createGunzip | typeof createBrotliDecompress;
}

const available: readonly Encoding[] = [
  { name: "gzip", createCompressor: gzipCompressor, createDecompressor: createGunzip },
  { name: "br", createCompressor: brotliCompressor, createDecompressor: createBrotliDecompress },
];

/** The encodings that the server knows, as a header spells them. */
export const acceptedEncodings: string = available.map(({ name }) => name).join(",");

/** What both sides agreed on. Null: no compression. */
export interface Negotiated {
  readonly request: Encoding | null;
  readonly response: Encoding | null;
  /** Set when the request uses an encoding that the server does not know. */
  readonly error?: ConnectError;
}

/**
 * Agrees on compression from the encoding that a request uses and those that its sender accepts. A sender
 * that names none is answered in the encoding of the request, as in gRPC.
 */
export function negotiate(
  used: string | undefined,
  accepted: string | undefined,
  acceptName: string,
): Negotiated {
  const request = available.find(({ name }) => name === used) ?? null;
  const response = accepted === undefined || accepted === "" ? request : preferred(accepted);
  if (request !== null || used === undefined || used === "" || used === "identity") {
    return { request, response };
  }
  return {
    request,
    response,
    error: new ConnectError(
      `unknown compression ${JSON.stringify(used)}: supported encodings are ${acceptedEncodings}`,
      Code.Unimplemented,
      { [acceptName]: acceptedEncodings },
    ),
  };
}

/** The supported encoding that a list prefers, such as `br;q=1.0, gzip;q=0.5` or `*`. */
function preferred(accepted: string): Encoding | null {
  const listed = accepted.split(",").map((item) => {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return { name, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const named = new Set(listed.map(({ name }) => name));
  const [best] = listed
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ name }) => available.find((one) => one.name === name || (name === "*" && !named.has(one.name))))
    .filter((one) => one !== undefined);
  return best ?? null;
}

/** A compressed response. */
export interface Compressed {
  readonly encoding: string;
  readonly data: Uint8Array;
}

/**
 * Compresses a response. Undefined where it goes as it is: nothing was agreed on, it is very large, or others are being
 * compressed.
 *
 * @throws the signal's reason when that aborts.
 */
export function compressed(
  { response }: Negotiated,
  data: Uint8Array,
  signal: AbortNotice | undefined,
): Awaitable<Compressed | undefined> {
  return response === null ? undefined : compressWith(response, data, signal);
}

async function compressWith(
  { name, createCompressor }: Encoding,
  data: Uint8Array,
  signal: AbortNotice | undefined,
): Promise<Compressed | undefined> {
  const smaller = await compress(createCompressor, data, signal);
  return smaller === undefined ? undefined : { encoding: name, data: smaller };
}

/**
 * Decompresses a request, piece by piece, so that a small body that hides a large message is found out early.
 *
 * @throws ConnectError `resource_exhausted` when the message is too large, `invalid_argument` when the body
 *   is not compressed as it says, or ends early.
 */
export async function decompressed(
  { name, createDecompressor }: Encoding,
  data: Uint8Array,
  room: Room,
): Promise<Uint8Array> {
  if (data.byteLength === 0) {
    return data;
  }
  const pieces: Buffer[] = [];
  let size = 0;
  const stream = createDecompressor();
  stream.end(data);
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      size += piece.byteLength;
      if (size > room.maxMessageBytes) {
        const message = `the message is larger than ${room.maxMessageBytes} bytes, the limit of this server, once it is decompressed`;
        throw refusal("message_too_large", new ConnectError(message, Code.ResourceExhausted));
      }
      room.hold(piece.byteLength);
      pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof ConnectError) {
      throw cause;
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw errorWithCause(
      `the message is not compressed with ${name}, as its encoding says: ${why}`,
      Code.InvalidArgument,
      cause,
    );
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces, size);
}
