import { buffer } from "node:stream/consumers";
import { type BrotliCompress, constants, createBrotliCompress, createGzip, type Gzip } from "node:zlib";
import type { AbortNotice } from "../../model/abort-notice.ts";

/** Makes a stream that compresses. */
export type CreateCompressor = () => Gzip | BrotliCompress;

/** Smaller messages cost more to compress than they save, bytes. */
const minBytes = 1024;

/** Whether a message is large enough to be compressed. */
export function isWorthCompressing(data: Uint8Array): boolean {
  return data.byteLength >= minBytes;
}

/** Larger messages keep the threads of zlib from all others for longer than they save, bytes. */
const maxBytes = 4 * 1024 * 1024;

/** From this size on, bytes, a message is large: few of them are compressed at once. */
const largeBytes = 64 * 1024;

/** Large messages at once: half of the threads that Node has for zlib, files and names. */
const maxLarge = 2;

/** The fastest level: the default takes four times as long, for a tenth less. */
export function gzipCompressor(): Gzip {
  return createGzip({ level: constants.Z_BEST_SPEED });
}

/** Brotli at its default level, 11, is made for files that are compressed once: 20 MiB take it half a minute. */
export function brotliCompressor(): BrotliCompress {
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}

let large = 0;

/**
 * Compresses a message. Undefined where that is not worth it: it is small or very large, or as many large ones as may
 * are being compressed.
 *
 * @throws the signal's reason when that aborts, and stops.
 */
export async function compress(
  create: CreateCompressor,
  data: Uint8Array,
  signal: AbortNotice | undefined,
): Promise<Uint8Array | undefined> {
  signal?.throwIfAborted();
  const isLarge = data.byteLength >= largeBytes;
  if (!isWorthCompressing(data) || data.byteLength > maxBytes || (isLarge && large >= maxLarge)) {
    return undefined;
  }
  large += isLarge ? 1 : 0;
  const stream = create();
  const stop = (): void => void stream.destroy();
  signal?.addEventListener("abort", stop);
  try {
    stream.end(data);
    return await buffer(stream);
  } catch (reason) {
    signal?.throwIfAborted();
    throw reason;
  } finally {
    signal?.removeEventListener("abort", stop);
    large -= isLarge ? 1 : 0;
  }
}
