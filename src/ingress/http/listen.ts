import {
  createServer as createHttp1Server,
  type Server as Http1Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Limits } from "../limits.ts";
import type { RequestHandler } from "../server.ts";
import { http2Connections } from "./http2-connections.ts";
import { sniffHttp2 } from "./sniff-http2.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** One plain-text port that speaks HTTP/1.1 and, with who begins with its preface, HTTP/2. */
export interface Listener {
  readonly url: string;
  /** Takes no more requests, lets those in flight finish for at most so many ms, then closes what is left. */
  close(drainTimeoutMs: number): Promise<void>;
}

/** Opens a port. Rejects with an error that names it when that fails. */
export async function listen(
  handle: RequestHandler,
  options: ListenOptions,
  limits: Limits,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const undecided = new Set<Socket>();
  const responses = new Set<ServerResponse>();
  const http2 = http2Connections(handle, limits);
  const http1 = createHttp1Server(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5_000),
    },
    (request, response) => {
      responses.add(response);
      response.once("close", () => responses.delete(response));
      handle(request, response);
    },
  );
  // One more than allowed, so that the handler can tell: Node drops the others without a word.
  http1.maxHeadersCount = limits.maxHeaders + 1;
  http1.maxConnections = limits.maxConnections;

  // The HTTP/1.1 server owns the port, with its own time-outs and its drain; HTTP/2 connections are passed on.
  const serveHttp1 = http1.listeners("connection");
  http1.removeAllListeners("connection");
  http1.on("connection", (socket) => {
    sockets.add(socket);
    undecided.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      undecided.delete(socket);
    });
    sniffHttp2(socket, limits.headersTimeoutMs, (isHttp2) => {
      undecided.delete(socket);
      if (isHttp2) {
        http2.accept(socket);
      } else {
        for (const serve of serveHttp1) {
          serve.call(http1, socket);
        }
        socket.resume();
      }
    });
  });

  await open(http1, options);
  return {
    url: urlOf(http1, options.host),
    async close(drainTimeoutMs) {
      const closed = new Promise((resolve) => http1.close(resolve));
      const timer = setTimeout(() => destroyAll(sockets), drainTimeoutMs);
      destroyAll(undecided);
      http2.drain();
      for (const response of responses) {
        if (!response.headersSent) {
          response.setHeader("connection", "close");
        }
      }
      await closed;
      clearTimeout(timer);
    },
  };
}

function destroyAll(sockets: Iterable<Socket>): void {
  for (const socket of sockets) {
    socket.destroy();
  }
}

function open(server: Http1Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(cannotListen(cause, host, port)));
    server.listen({ host, port }, resolve);
  });
}

/** Keeps Node's `code`, by which the command line and others know a port in use. */
function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const why =
    cause.code === "EADDRINUSE"
      ? "it is in use: stop what uses it, or choose another port (0 takes any free one)"
      : cause.message;
  return Object.assign(new Error(`cannot listen on ${host}:${port}: ${why}`, { cause }), {
    code: cause.code,
  });
}

/** A URL that a client on this machine can use: a wildcard address is none. */
function urlOf(server: Http1Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" || host === "" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
