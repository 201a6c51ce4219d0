/**
 * Decodes the body of `application/grpc-web-text`: base64, where a sender may pad at the end of any
 * chunk it wrote, so that padding can stand in the middle.
 *
 * @throws RangeError when the body is not base64.
 */
export function decodeGrpcWebText(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
  const segments = text.split(/(?<==)(?!=)/);
  for (const segment of segments) {
    if (segment.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(segment)) {
      throw new RangeError("the body is not padded base64");
    }
  }
  return Buffer.concat(segments.map((segment) => Buffer.from(segment, "base64")));
}

/** Encodes a whole body for `application/grpc-web-text`. */
export function encodeGrpcWebText(body: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("base64"), "latin1");
}

/** The most bytes that base64 makes of so many, with padding after each three of them. */
export function grpcWebTextBytes(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
