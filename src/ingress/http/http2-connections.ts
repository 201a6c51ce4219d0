import {
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import type { Limits } from "../limits.ts";
import type { RequestHandler } from "../request-handler.ts";
import { emptyResponse } from "./empty-response.ts";
import { Http2Connection } from "./http2-connection.ts";
import { Http2Exchange } from "./http2-exchange.ts";

/** HTTP/2 on sockets that somebody else accepted. */
export interface Http2Connections {
  accept(socket: Socket): void;
  /** Sends GOAWAY; each connection closes once its streams have ended. */
  drain(): void;
}

/** Serves HTTP/2. */
export function http2Connections(handle: RequestHandler, limits: Limits): Http2Connections {
  const connections = new Map<Http2Session, Http2Connection>();
  const server = createServer({
    // Four of them are HTTP/2's own; one more than allowed, so that the handler can tell.
    maxHeaderListPairs: limits.maxHeaders + 5,
    settings: {
      maxHeaderListSize: limits.maxHeaderBytes,
      maxConcurrentStreams: limits.maxConcurrentStreams,
    },
  });
  function onSession(session: ServerHttp2Session): void {
    connections.set(session, new Http2Connection(session, limits.idleTimeoutMs));
    session.once("close", () => {
      connections.get(session)?.close();
      connections.delete(session);
    });
  }
  function onStream(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    rawHeaders: readonly string[],
  ): void {
    const connection = stream.session && connections.get(stream.session);
    if (connection === undefined) {
      stream.on("error", () => {}).destroy(); // its session has gone already
      return;
    }
    connection.onStream();
    const exchange = new Http2Exchange(stream, headers, rawHeaders, connection);
    if (headers.expect !== undefined && headers.expect.toLowerCase() !== "100-continue") {
      exchange.onClose(() => {});
      exchange.respond(emptyResponse(417), []);
    } else {
      handle(exchange);
    }
  }
  server.on("session", onSession);
  server.on("stream", onStream);
  return {
    accept(socket) {
      closeOnEnd(socket);
      server.emit("connection", socket);
    },
    drain() {
      for (const session of connections.keys()) {
        session.close();
      }
    },
  };
}

/**
 * Closes a connection as soon as its client has ended it: HTTP/2 has no use for a connection in one direction.
 * Sockets that the server of `node:http` accepts stay open for writing otherwise, until they are idle for too long.
 */
function closeOnEnd(socket: Socket): void {
  socket.allowHalfOpen = false;
  socket.once("end", () => socket.destroy());
}
