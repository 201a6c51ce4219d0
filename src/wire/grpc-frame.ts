/** Flag of a frame whose message is compressed. */
export const compressedFlag = 0x01;
/** Flag of a gRPC-web frame that holds trailers. */
export const trailersFlag = 0x80;

/** Length of the prefix of each frame: one byte of flags, four of length (big endian). */
export const framePrefixBytes = 5;

/** A length-prefixed message of gRPC and gRPC-web. */
export interface Frame {
  readonly flags: number;
  readonly data: Uint8Array;
}

/** Prefixes data with its flags and length. */
export function encodeFrame({ flags, data }: Frame): Uint8Array {
  const length = data.byteLength;
  const bytes = new Uint8Array(framePrefixBytes + length);
  bytes[0] = flags;
  bytes[1] = length >>> 24;
  bytes[2] = length >>> 16;
  bytes[3] = length >>> 8;
  bytes[4] = length;
  bytes.set(data, framePrefixBytes);
  return bytes;
}

/**
 * Splits a complete body into its frames, without copying. The rest of a body that has more of them than
 * `atMost` is not looked at: 32 MiB can be millions.
 *
 * @throws RangeError when the body ends inside a frame.
 */
export function decodeFrames(body: Uint8Array, atMost: number): Frame[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const frames: Frame[] = [];
  let offset = 0;
  while (offset < body.byteLength && frames.length < atMost) {
    if (body.byteLength - offset < framePrefixBytes) {
      throw new RangeError(`${body.byteLength - offset} bytes are too few for the prefix of a frame`);
    }
    const start = offset + framePrefixBytes;
    const length = view.getUint32(offset + 1);
    if (body.byteLength - start < length) {
      throw new RangeError(`a frame promised ${length} bytes and has ${body.byteLength - start}`);
    }
    frames.push({ flags: view.getUint8(offset), data: body.subarray(start, start + length) });
    offset = start + length;
  }
  return frames;
}
