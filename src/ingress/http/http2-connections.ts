import { createServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Limits } from "../limits.ts";
import type { RequestHandler } from "../server.ts";
import { destroyOnRefusedRequests } from "./refused-requests.ts";

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
        maxConcurrentStreams: limits.maxConcurrentStreams,
      },
    },
    handle,
  );
  // With it, nobody asks for a body before the handler reads it.
  server.on("checkContinue", handle);
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    destroyOnRefusedRequests(session);
    closeWhenIdle(session, limits.idleTimeoutMs);
  });
  return {
    accept(socket) {
      closeOnEnd(socket);
      server.emit("connection", socket);
    },
    drain() {
      for (const session of sessions) {
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

/**
 * Closes a connection that has been silent and without streams for so long. One that waits for an outcome is
 * not idle, however silent: its client is asked for a sign of life, and has as long again to give it.
 */
function closeWhenIdle(session: ServerHttp2Session, idleTimeoutMs: number): void {
  let streams = 0;
  let asked = false;
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
    } else if (asked) {
      session.destroy();
    } else {
      asked = session.ping(() => {
        asked = false;
      });
    }
    session.setTimeout(idleTimeoutMs);
  });
  session.setTimeout(idleTimeoutMs);
}
