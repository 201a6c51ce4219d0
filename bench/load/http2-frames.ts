/** The frame types of HTTP/2 that a client meets (RFC 9113, section 6). */
export const frameType = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const;

export const flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4 } as const;

/** Setting identifiers. */
export const setting = { enablePush: 2, initialWindowSize: 4 } as const;

/** The largest flow-control window, bytes. */
export const maxWindow = 2 ** 31 - 1;

export const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

export function encodeHttp2Frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(9 + payload.length);
  frame.writeUIntBE(payload.length, 0, 3);
  frame.writeUInt8(type, 3);
  frame.writeUInt8(flags, 4);
  frame.writeUInt32BE(stream, 5);
  frame.set(payload, 9);
  return frame;
}

export function encodeSettings(settings: ReadonlyMap<number, number>): Buffer {
  const payload = Buffer.alloc(6 * settings.size);
  for (const [n, [name, value]] of [...settings].entries()) {
    payload.writeUInt16BE(name, 6 * n);
    payload.writeUInt32BE(value, 6 * n + 2);
  }
  return encodeHttp2Frame(frameType.settings, 0, 0, payload);
}

export function decodeSettings(payload: Buffer): ReadonlyMap<number, number> {
  const count = Math.floor(payload.length / 6);
  return new Map(
    Array.from({ length: count }, (_, n) => [payload.readUInt16BE(6 * n), payload.readUInt32BE(6 * n + 2)]),
  );
}

export function encodeWindowUpdate(stream: number, increment: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(increment);
  return encodeHttp2Frame(frameType.windowUpdate, 0, stream, payload);
}

/**
 * Header blocks (HPACK, RFC 7541) of a request that is always the same: the first on a connection puts every
 * field into the server's table, the ones after it are a byte for each field.
 */
export function encodeSameHeaders(fields: readonly (readonly [string, string])[]): {
  readonly first: Buffer;
  readonly next: Buffer;
} {
  const first = fields.map(([name, value]) =>
    Buffer.concat([Buffer.from([0x40]), encodeString(name), encodeString(value)]),
  );
  // 61 entries are static. The last field put in has the lowest index.
  const next = fields.map((_, n) => 0x80 | (62 + fields.length - 1 - n));
  return { first: Buffer.concat(first), next: Buffer.from(next) };
}

function encodeString(text: string): Buffer {
  if (text.length > 126) {
    throw new RangeError(`a header field of the bench must be shorter than 127 bytes: ${text}`);
  }
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
}
