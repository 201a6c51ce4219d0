import { request as http1Request } from "node:http";
import { connect as http2Connect, type OutgoingHttpHeaders } from "node:http2";
import { connect as tcpConnect } from "node:net";
import type { IngressOptions } from "../../src/ingress/index.ts";
import { createIngress, type Service } from "../../src/ingress/index.ts";
import { exampleServices } from "./services.ts";
import { temporaryEngine } from "./temporary-engine.ts";

/** An ingress on free ports of the loopback, closed at the end of its scope. */
export interface TestIngress extends AsyncDisposable {
  readonly url: string;
  readonly adminUrl: string;
  close(): Promise<void>;
}

export async function startIngress(
  options: Partial<IngressOptions> & { readonly services?: readonly Service[] } = {},
): Promise<TestIngress> {
  const ingress = createIngress({
    services: exampleServices(),
    engine: temporaryEngine(),
    ...options,
    limits: { drainTimeoutMs: 2_000, ...options.limits },
  });
  const urls = await ingress.listen({ port: 0, adminPort: 0 });
  return { ...urls, close: ingress.close, [Symbol.asyncDispose]: ingress.close };
}

/** A response, trailers included. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** One request over HTTP/1.1. */
export function http1(url: string, { method = "POST", headers = {}, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http1Request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: plain(response.headers),
          trailers: plain(response.trailers),
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** One request over HTTP/2 with prior knowledge. */
export function http2(url: string, { method = "POST", headers = {}, body }: Question): Promise<Answer> {
  const { origin, pathname, search } = new URL(url);
  const session = http2Connect(origin);
  return new Promise<Answer>((resolve, reject) => {
    session.on("error", reject);
    const stream = session.request({ ":method": method, ":path": pathname + search, ...headers });
    const chunks: Buffer[] = [];
    let head: OutgoingHttpHeaders = {};
    let trailers: OutgoingHttpHeaders = {};
    stream.on("response", (got) => {
      head = got;
    });
    stream.on("trailers", (got) => {
      trailers = got;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => {
      if (head[":status"] === undefined) {
        reject(new Error(`the stream ended without a response, code ${stream.rstCode}`));
      }
      resolve({
        status: Number(head[":status"]),
        headers: plain(head),
        trailers: plain(trailers),
        body: Buffer.concat(chunks),
      });
    });
    stream.end(body);
  }).finally(() => session.close());
}

/**
 * Sends pieces on a raw connection, one after another, and returns all that comes back until it closes. With
 * `end`, this side closes once all is sent.
 */
export function raw(
  url: string,
  pieces: readonly (string | Uint8Array)[],
  { end = false } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = tcpConnect({ host: hostname, port: Number(port), noDelay: true });
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
    });
    // Who goes on sending after its answer gets a reset.
    socket.on("error", (error) => (received === "" ? reject(error) : undefined));
    socket.on("close", () => resolve(received));
    socket.on("connect", async () => {
      for (const piece of pieces) {
        if (socket.closed) {
          return;
        }
        await new Promise((written) => socket.write(piece, written));
        await new Promise((turn) => setTimeout(turn, 5));
      }
      if (end) {
        socket.end();
      }
    });
  });
}

function plain(headers: OutgoingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
