import type { Socket } from "node:net";
import { sniffHttp2 } from "./sniff-http2.ts";

/** Takes a connection over, once it is known what it speaks. */
export type Serve = (socket: Socket, isHttp2: boolean) => void;

/** Finds out what connections speak, and passes them on. */
export interface Connections {
  accept(socket: Socket): void;
  /** Closes those that have not said yet. */
  drain(): void;
}

/** Connections without TLS: HTTP/2 for who begins with its preface, HTTP/1.1 for all others. */
export function plainConnections(headersTimeoutMs: number, serve: Serve): Connections {
  const undecided = new Set<Socket>();
  return {
    accept(socket) {
      undecided.add(socket);
      socket.once("close", () => undecided.delete(socket));
      sniffHttp2(socket, headersTimeoutMs, (isHttp2) => {
        undecided.delete(socket);
        serve(socket, isHttp2);
        if (!isHttp2) {
          socket.resume();
        }
      });
    },
    drain() {
      for (const socket of undecided) {
        socket.destroy();
      }
    },
  };
}
