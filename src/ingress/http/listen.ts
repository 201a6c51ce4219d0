import {
  createServer as createHttp1Server,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { startTimer } from "../../http/timer.ts";
import type { Limits } from "../limits.ts";
import type { RequestHandler } from "../request-handler.ts";
import { Http1Exchange, type Http1Port } from "./http1-exchange.ts";
import { http2Connections } from "./http2-connections.ts";
import { plainConnections, type Serve } from "./plain-connections.ts";
import { type TlsOptions, tlsConnections } from "./tls-connections.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Default: plain text. */
  readonly tls?: TlsOptions | undefined;
  /** Called for each connection beyond `limits.maxConnections`, which is closed. */
  readonly onDrop?: (() => void) | undefined;
}

/**
 * How much later than ours Node's own limit for a request comes, ms. Ours answers with an error of the protocol, Node's
 * with HTTP 408, and on a busy machine Node's timer could be the first.
 */
const nodeLaterMs = 5_000;

/** One port that speaks HTTP/1.1 and HTTP/2: over TLS as the client picks, in plain text with who begins with its preface. */
export interface Listener {
  readonly url: string;
  /** Takes no more requests, lets those in flight finish for at most so many ms, then closes what is left. */
  close(drainTimeoutMs: number): Promise<void>;
}

/** Opens a port. Rejects with an error that names it when that fails, or with what is wrong with `tls`. */
export async function listen(
  handle: RequestHandler,
  options: ListenOptions,
  limits: Limits,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const port: Http1Port = { isClosing: false };
  const http2 = http2Connections(handle, limits);
  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    handle(new Http1Exchange(request, response, port));
  }
  const http1 = createHttp1Server(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
      requestTimeout: limits.requestTimeoutMs + nodeLaterMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5_000),
    },
    onRequest,
  );
  // With it, nobody asks for a body before the handler reads it.
  http1.on("checkContinue", onRequest);
  // One more than allowed, so that the handler can tell: Node drops the others without a word.
  http1.maxHeadersCount = limits.maxHeaders + 1;
  http1.maxConnections = limits.maxConnections;
  http1.on("drop", () => options.onDrop?.());

  // The HTTP/1.1 server owns the port, with its own time-outs and its drain; HTTP/2 connections are passed on.
  const serveHttp1 = http1.listeners("connection");
  http1.removeAllListeners("connection");
  const serve: Serve = (socket, isHttp2) => {
    if (isHttp2) {
      http2.accept(socket);
      return;
    }
    for (const listener of serveHttp1) {
      listener.call(http1, socket);
    }
  };
  const connections =
    options.tls === undefined
      ? plainConnections(limits.headersTimeoutMs, serve)
      : tlsConnections(options.tls, limits.headersTimeoutMs, serve);
  http1.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    connections.accept(socket);
  });

  await open(http1, options);
  return {
    url: urlOf(http1, options),
    async close(drainTimeoutMs) {
      port.isClosing = true;
      const closed = new Promise((resolve) => http1.close(resolve));
      const timer = startTimer(drainTimeoutMs, () => {
        for (const socket of sockets) {
          socket.destroy();
        }
      });
      connections.drain();
      http2.drain();
      await closed;
      clearTimeout(timer);
    },
  };
}

/**
 * Connections that the system holds while the process is busy. Node's 511 are too few for a burst: clients of
 * the others wait for seconds, until they send again. The system may allow fewer.
 */
const backlog = 4_096;

function open(server: Http1Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(cannotListen(cause, host, port)));
    server.listen({ host, port, backlog }, resolve);
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

/** A URL that a client on this machine can use: localhost instead of a wildcard address. */
function urlOf(server: Http1Server, { host, tls }: ListenOptions): string {
  const { port } = server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" || host === "" ? "localhost" : host;
  const scheme = tls === undefined ? "http" : "https";
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
