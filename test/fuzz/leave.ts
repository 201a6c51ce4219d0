import { once } from "node:events";
import { createConnection } from "node:net";
import { endHeaders, endStream, field, frame, frameType, grpcHeaders } from "../ingress/http2-frames.ts";
import type { Random } from "./random.ts";

/** How a client leaves. */
type Way = "FIN" | "RST";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const jsonHead = (path: string) =>
  `POST ${path} HTTP/1.1\r\nhost: fuzz\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"name":"Pete"}`;

/** A setting that leaves no window for responses. */
const closedWindow = Buffer.of(0, 4, 0, 0, 0, 0);

/** HTTP/2 from its preface to the ends of two requests, the second one in the state that the first one left. */
function http2Bytes(random: Random): Buffer {
  const greet = "/org.example.Greeter/Greet";
  const path = random.pick([greet, "/grpc.health.v1.Health/Watch", "/restateconnect.v1.Invocations/Attach"]);
  const data = random.pick([Buffer.alloc(5), Buffer.of(0, 0, 0, 0, 6, 10, 4, 80, 101, 116, 101)]);
  const more = random.chance(0.5) ? field("x-odd", "%07*70000") : Buffer.of();
  return Buffer.concat([
    preface,
    frame(frameType.settings, 0, 0, random.chance(0.5) ? closedWindow : Buffer.of()),
    ...[1, 3].flatMap((stream) => [
      frame(frameType.headers, endHeaders, stream, Buffer.concat([grpcHeaders(path), more])),
      frame(frameType.data, random.chance(0.8) ? endStream : 0, stream, data),
      ...(random.chance(0.3) ? [frame(frameType.reset, 0, stream, Buffer.of(0, 0, 0, 8))] : []),
    ]),
  ]);
}

/**
 * Sends a part of one or two requests, down to the byte, and leaves. The server must close the connection at once,
 * with any request begun, and although its responses find no window.
 *
 * @throws Error when it does not.
 */
export async function leaveAnywhere(url: string, random: Random): Promise<void> {
  const { hostname, port } = new URL(url);
  const bytes = random.chance(0.7)
    ? http2Bytes(random)
    : Buffer.from(jsonHead("/org.example.Greeter/Greet").repeat(2));
  const part = bytes.subarray(0, random.int(bytes.byteLength + 1));
  const way: Way = random.chance(0.7) ? "FIN" : "RST";
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
  const timer = setTimeout(() => {
    socket.destroy(
      new Error(`the server keeps a connection after ${way}: ${part.toString("latin1").slice(-200)}`),
    );
  }, 30_000);
  try {
    const closed = once(socket.resume(), "close");
    socket.write(part, () => (way === "FIN" ? socket.end() : socket.resetAndDestroy()));
    await closed;
  } catch (reason) {
    // A reset from the server's side is an end too.
    if (!(reason instanceof Error && "code" in reason)) {
      throw reason;
    }
  } finally {
    clearTimeout(timer);
  }
}
