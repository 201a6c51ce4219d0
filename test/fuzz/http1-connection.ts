import { connect, type Socket } from "node:net";
import type { Request } from "./requests.ts";

/** A whole response. */
export interface Response {
  readonly status: number;
  /** The head and the body as they came, trailers included. */
  readonly text: string;
  readonly closes: boolean;
}

/** One HTTP/1.1 connection that sends several requests at once (pipelining). */
export interface Http1Connection {
  /** Resolves with as many responses as there were before the server closed the connection. */
  exchange(requests: readonly Request[]): Promise<readonly Response[]>;
  readonly isOpen: boolean;
  close(): void;
}

/** Opens a connection to an ingress. */
export async function http1Connection(url: string): Promise<Http1Connection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  let isOpen = true;
  let received = Buffer.alloc(0);
  let wake = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  const ended = (): void => {
    isOpen = false;
    wake();
  };
  socket.on("error", ended).on("close", ended);

  return {
    get isOpen() {
      return isOpen;
    },
    async exchange(requests) {
      socket.write(Buffer.concat(requests.map(encode)));
      const responses: Response[] = [];
      while (responses.length < requests.length) {
        const parsed = parse(received, requests[responses.length]?.method === "HEAD");
        if (parsed === undefined) {
          if (!isOpen) {
            break;
          }
          await waitFor(socket, (resolve) => {
            wake = resolve;
          });
          continue;
        }
        received = received.subarray(parsed.length);
        responses.push(parsed.response);
      }
      return responses;
    },
    close: () => void socket.destroy(),
  };
}

/** Sends a part of pipelined requests on a connection of its own, and resets it. */
export async function resetAmid(url: string, requests: readonly Request[], share: number): Promise<void> {
  const { hostname, port } = new URL(url);
  const bytes = Buffer.concat(requests.map(encode));
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve).once("close", resolve));
  const part = bytes.subarray(0, Math.ceil(bytes.byteLength * share));
  socket.write(part, () => socket.resetAndDestroy());
  await new Promise((resolve) => (socket.destroyed ? resolve(undefined) : socket.once("close", resolve)));
}

/** An ingress that never answers is a failure, not a wait for ever. */
function waitFor(socket: Socket, start: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error("the ingress gave no answer in 30 s"));
    }, 30_000);
    start(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function encode({ method, path, headers, body }: Request): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\nhost: fuzz\r\ncontent-length: ${body.byteLength}\r\n${lines.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), body]);
}

/** The first response among the bytes; undefined when it is not complete. */
function parse(
  bytes: Buffer,
  isHead: boolean,
): { readonly response: Response; readonly length: number } | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) {
    return undefined;
  }
  const head = bytes.toString("latin1", 0, headEnd);
  const start = headEnd + 4;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const contentLength = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  const isChunked = /\r\ntransfer-encoding: chunked/i.test(head);
  const end =
    isHead || status === 204 ? start : isChunked ? chunkedEnd(bytes, start) : start + Number(contentLength);
  if (end === undefined || end > bytes.byteLength) {
    return undefined;
  }
  if (Number.isNaN(end)) {
    throw new Error(`a response without an end:\n${head}`);
  }
  const text = bytes.toString("utf8", 0, end);
  return { response: { status, text, closes: /\r\nconnection: close/i.test(head) }, length: end };
}

/** Where a chunked body and its trailers end. */
function chunkedEnd(bytes: Buffer, start: number): number | undefined {
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) {
      return undefined;
    }
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (size === 0) {
      const trailersEnd = bytes.subarray(lineEnd, lineEnd + 4).equals(Buffer.from("\r\n\r\n"))
        ? lineEnd
        : bytes.indexOf("\r\n\r\n", lineEnd);
      return trailersEnd < 0 ? undefined : trailersEnd + 4;
    }
    at = lineEnd + 2 + size + 2;
  }
}
