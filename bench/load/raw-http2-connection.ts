import { connect } from "node:net";
import {
  decodeSettings,
  encodeHttp2Frame,
  encodeSettings,
  encodeWindowUpdate,
  flag,
  frameType,
  maxWindow,
  preface,
  setting,
} from "./http2-frames.ts";
import type { RawHttp } from "./raw-http1.ts";

interface Stream extends PromiseWithResolvers<number> {
  readonly id: number;
  /** Bytes of the body that are sent. */
  sent: number;
  window: number;
  received: number;
}

const maxFrameBytes = 16_384;
/** The first byte of a block that begins with `:status: 200`. */
const statusOk = 0x88;

/** One HTTP/2 connection in plain text, which reads of an answer only the status, the length and the end. */
export function openHttp2Connection(
  address: { readonly host: string; readonly port: number },
  headers: { readonly first: Buffer; readonly next: Buffer },
  body: Uint8Array,
): RawHttp {
  const socket = connect({ ...address, noDelay: true });
  const streams = new Map<number, Stream>();
  let nextId = 1;
  let window = 65_535;
  let streamWindow = 65_535;
  let consumed = 0;
  let rest = Buffer.alloc(0);

  socket.write(
    Buffer.concat([
      preface,
      encodeSettings(
        new Map([
          [setting.enablePush, 0],
          [setting.initialWindowSize, maxWindow],
        ]),
      ),
      encodeWindowUpdate(0, maxWindow - 65_535),
    ]),
  );
  socket.on("error", failAll);
  socket.on("close", () => failAll(new Error("the server closed the connection")));
  socket.on("data", (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= 9 && rest.length - at >= 9 + rest.readUIntBE(at, 3)) {
      const end = at + 9 + rest.readUIntBE(at, 3);
      receive(rest[at + 3] ?? 0, rest[at + 4] ?? 0, rest.readUInt32BE(at + 5), rest.subarray(at + 9, end));
      at = end;
    }
    rest = rest.subarray(at);
  });
  return { request, close: () => socket.destroy() };

  function request(): Promise<number> {
    const id = nextId;
    nextId += 2;
    const stream: Stream = {
      id,
      sent: 0,
      window: streamWindow,
      received: 0,
      ...Promise.withResolvers<number>(),
    };
    streams.set(id, stream);
    socket.cork();
    const block = id === 1 ? headers.first : headers.next;
    socket.write(encodeHttp2Frame(frameType.headers, flag.endHeaders, id, block));
    sendBody(stream);
    process.nextTick(() => socket.uncork());
    return stream.promise;
  }

  function sendBody(stream: Stream): void {
    while (stream.sent < body.length) {
      const size = Math.min(maxFrameBytes, window, stream.window, body.length - stream.sent);
      if (size <= 0) {
        return;
      }
      const data = body.subarray(stream.sent, stream.sent + size);
      stream.sent += size;
      stream.window -= size;
      window -= size;
      const flags = stream.sent === body.length ? flag.endStream : 0;
      socket.write(encodeHttp2Frame(frameType.data, flags, stream.id, data));
    }
  }

  function receive(type: number, flags: number, id: number, payload: Buffer): void {
    const stream = streams.get(id);
    switch (type) {
      case frameType.data:
        consume(payload.length);
        if (stream !== undefined) {
          stream.received += payload.length;
        }
        break;
      case frameType.headers:
        if (stream?.received === 0 && payload[0] !== statusOk) {
          stream.reject(new Error("the server answered with another status than 200"));
        }
        break;
      case frameType.settings:
        if ((flags & flag.ack) === 0) {
          acceptSettings(payload);
        }
        return;
      case frameType.ping:
        if ((flags & flag.ack) === 0) {
          socket.write(encodeHttp2Frame(frameType.ping, flag.ack, 0, payload));
        }
        return;
      case frameType.windowUpdate:
        widen(stream, payload.readUInt32BE(0), id);
        return;
      case frameType.resetStream:
        stream?.reject(new Error(`the server reset the stream: error ${payload.readUInt32BE(0)}`));
        return;
      case frameType.goAway:
        failAll(new Error(`the server sent GOAWAY: error ${payload.readUInt32BE(4)}`));
        return;
      default:
        return;
    }
    if ((flags & flag.endStream) !== 0 && stream !== undefined) {
      streams.delete(id);
      stream.resolve(stream.received);
    }
  }

  function acceptSettings(payload: Buffer): void {
    const size = decodeSettings(payload).get(setting.initialWindowSize);
    if (size !== undefined) {
      for (const stream of streams.values()) {
        stream.window += size - streamWindow;
      }
      streamWindow = size;
    }
    socket.write(encodeHttp2Frame(frameType.settings, flag.ack, 0, Buffer.alloc(0)));
    sendBodies();
  }

  function widen(stream: Stream | undefined, increment: number, id: number): void {
    if (id === 0) {
      window += increment;
      sendBodies();
    } else if (stream !== undefined) {
      stream.window += increment;
      sendBody(stream);
    }
  }

  function sendBodies(): void {
    for (const stream of streams.values()) {
      sendBody(stream);
    }
  }

  /** Gives the server its window back, rarely. */
  function consume(bytes: number): void {
    consumed += bytes;
    if (consumed > maxWindow / 4) {
      socket.write(encodeWindowUpdate(0, consumed));
      consumed = 0;
    }
  }

  function failAll(error: Error): void {
    for (const { reject } of streams.values()) {
      reject(error);
    }
    streams.clear();
  }
}
