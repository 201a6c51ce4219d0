import {
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import type { Http2SessionOptions } from "./http2-options.ts";
import { startTimer, timerMs } from "./timer.ts";

/** Streams that a server allows unless it says how many: what HTTP/2 asks of every server. */
const usualStreams = 100;
/**
 * What a connection may buffer, MB. Node's own 10 are for all that waits to be sent as well: beyond them it
 * resets streams whose response begins, so that fifty large calls at once would fail.
 */
const maxSessionMemory = 1_000;
/** The streams of a connection are numbered, and the numbers end. */
const streamsInAll = 2 ** 30 - 1;

/** What one connection learns of the server, and the next one need not. */
export interface KnownServer {
  /** Streams that it allows on a connection. Undefined until it has said so. */
  maxStreams?: number;
}

/** A connection, from its beginning to its end. */
export interface Http2Connection {
  /** Whether another request may go out: the connection lives, and the server will not let it wait. */
  hasRoom(): boolean;
  /** Begins a request. It fails with the connection. */
  request(headers: OutgoingHttpHeaders, endStream: boolean): ClientHttp2Stream;
  /** Ends the connection, and the requests on it. */
  destroy(): void;
}

/**
 * Connects. While requests are in flight the server is asked for a sign of life (PING) every `pingIntervalMs`
 * (default: never), and when one is made after a longer silence; within `pingTimeoutMs` (default 15 s) it has
 * to answer, and to say what HTTP/2 it speaks when the connection is new. A server that does not has gone, or
 * hangs: all requests on the connection fail, and the next one may find a server that works.
 *
 * `closed` is called when the connection has ended.
 */
export function http2Connection(
  origin: string,
  { pingIntervalMs = Number.POSITIVE_INFINITY, pingTimeoutMs = 15_000, ...options }: Http2SessionOptions,
  nodeOptions: SecureClientSessionOptions | undefined,
  server: KnownServer,
  closed: () => void,
): Http2Connection {
  const session = connect(origin, { maxSessionMemory, ...nodeOptions });
  let { maxStreams = usualStreams } = server;
  let inFlight = 0;
  let begun = 0;
  let lastUse = performance.now();
  let nextPing: NodeJS.Timeout | undefined;

  const giveUp = () => session.destroy(new Error(`no sign of life within ${pingTimeoutMs} ms`));
  const firstSign = startTimer(pingTimeoutMs, giveUp)?.unref();
  const ping = () => {
    const sign = startTimer(pingTimeoutMs, giveUp)?.unref();
    session.ping(() => clearTimeout(sign));
  };
  const keepAlive = () => {
    nextPing = startTimer(pingIntervalMs, keepAlive)?.unref();
    if (!session.destroyed && (inFlight > 0 || options.pingIdleConnection === true)) {
      ping();
    }
  };

  // The requests fail with the connection, which is all we need to know of its errors.
  session.on("error", () => {});
  session.on("remoteSettings", ({ maxConcurrentStreams = usualStreams }) => {
    clearTimeout(firstSign);
    maxStreams = Math.max(1, maxConcurrentStreams);
    server.maxStreams = maxStreams;
  });
  session.once("connect", () => {
    nextPing = startTimer(pingIntervalMs, keepAlive)?.unref();
  });
  session.once("close", () => {
    clearTimeout(firstSign);
    clearTimeout(nextPing);
    closed();
  });
  session.setTimeout(timerMs(options.idleConnectionTimeoutMs ?? 900_000) ?? 0, () => {
    if (inFlight === 0) {
      session.close();
    }
  });
  // An idle connection keeps no process alive.
  session.unref();

  return {
    hasRoom: () => inFlight < maxStreams && begun < streamsInAll && !session.closed && !session.destroyed,
    request(headers, endStream) {
      const stream = session.request(headers, { endStream });
      begun += 1;
      if (inFlight === 0) {
        session.ref();
        if (performance.now() - lastUse > pingIntervalMs) {
          ping();
        }
      }
      inFlight += 1;
      stream.on("close", () => {
        inFlight -= 1;
        if (inFlight === 0) {
          lastUse = performance.now();
          session.unref();
        }
      });
      return stream;
    },
    destroy: () => session.destroy(),
  };
}
