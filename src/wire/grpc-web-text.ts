const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const equals = 0x3d;

/** Matches characters that base64 does not use. */
const invalid = 0xff;

/** By character, the six bits that it stands for. Padding stands for zeros. */
const sixBits = new Uint8Array(256).fill(invalid);
for (const [bits, char] of [...alphabet].entries()) {
  sixBits[char.charCodeAt(0)] = bits;
}
sixBits[equals] = 0;

/**
 * Decodes the body of `application/grpc-web-text`: base64, where a sender may pad at the end of any
 * chunk it wrote, so that padding can stand in the middle. It costs the same wherever that is.
 *
 * @throws RangeError when the body is not base64.
 */
export function decodeGrpcWebText(body: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(Math.ceil(body.byteLength / 4) * 3);
  let size = 0;
  for (let i = 0; i < body.byteLength; i += 4) {
    const bits =
      (bitsOf(body[i]) << 18) |
      (bitsOf(body[i + 1]) << 12) |
      (bitsOf(body[i + 2]) << 6) |
      bitsOf(body[i + 3]);
    decoded[size] = bits >> 16;
    decoded[size + 1] = (bits >> 8) & 0xff;
    decoded[size + 2] = bits & 0xff;
    size += 3 - padding(body, i);
  }
  return decoded.subarray(0, size);
}

function bitsOf(char: number | undefined): number {
  const bits = char === undefined ? invalid : (sixBits[char] ?? invalid);
  if (bits === invalid) {
    throw notBase64();
  }
  return bits;
}

/** How many of four characters are padding: none, the last, or the last two. */
function padding(body: Uint8Array, i: number): number {
  const c = body[i + 2];
  const d = body[i + 3];
  if (body[i] === equals || body[i + 1] === equals || (c === equals && d !== equals)) {
    throw notBase64();
  }
  return c === equals ? 2 : d === equals ? 1 : 0;
}

function notBase64(): RangeError {
  return new RangeError("the body is not padded base64");
}

/** Encodes a whole body for `application/grpc-web-text`. */
export function encodeGrpcWebText(body: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64"), "latin1");
}

/** The most bytes that base64 makes of so many, with padding after each three of them. */
export function grpcWebTextBytes(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
