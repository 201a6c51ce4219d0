import { createServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Limits } from "../limits.ts";
import type { RequestHandler } from "../server.ts";

/** HTTP/2 on sockets that somebody else accepted. */
export interface Http2Connections {
  accept(socket: Socket): void;
  /** Sends GOAWAY; each connection closes once its streams have ended. */
  drain(): void;
}

/** Serves HTTP/2. */
export function http2Connections(handle: RequestHandler, limits: Limits): Http2Connections {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer(
    {
      // Four of them are HTTP/2's own; one more than allowed, so that the handler can tell.
      maxHeaderListPairs: limits.maxHeaders + 5,
      settings: {
        maxHeaderListSize: limits.maxHeaderBytes,
        maxConcurrentStreams: limits.maxConcurrentRequests,
      },
    },
    handle,
  );
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    closeWhenIdle(session, limits.idleTimeoutMs);
  });
  return {
    accept: (socket) => server.emit("connection", socket),
    drain() {
      for (const session of sessions) {
        session.close();
      }
    },
  };
}

/** A connection without streams is idle; one that waits for an outcome is not, however silent. */
function closeWhenIdle(session: ServerHttp2Session, idleTimeoutMs: number): void {
  let streams = 0;
  session.on("stream", (stream) => {
    streams += 1;
    stream.once("close", () => {
      streams -= 1;
      session.setTimeout(idleTimeoutMs);
    });
  });
  session.on("timeout", () => {
    if (streams === 0) {
      session.close();
    }
  });
  session.setTimeout(idleTimeoutMs);
}
