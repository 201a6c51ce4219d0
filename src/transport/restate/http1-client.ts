import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import type { ClosableHttpClient, HttpClient } from "./http.ts";
import { abortError, lostConnection } from "./lost-connection.ts";
import { nodeResponse } from "./node-response.ts";

/**
 * Larger bodies ask first (`Expect: 100-continue`). A server that refuses them closes the connection, and
 * a client that is still writing then loses the answer that says why.
 */
const askFirstBytes = 1 << 20;
/** How long to wait for leave, ms, from a server that does not know the question. As curl does. */
const leaveTimeoutMs = 1_000;

/** An {@link HttpClient} on HTTP/1.1: kept-alive connections, one for each request in flight. */
export function http1Client(baseUrl: string, nodeOptions: RequestOptions = {}): ClosableHttpClient {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  const isTls = protocol === "https:";
  const send = isTls ? httpsRequest : httpRequest;
  const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const server = {
    // An IPv6 address stands in brackets in a URL, and without them in a socket's options.
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    agent,
    ...nodeOptions,
  };
  const prefix = pathname === "/" ? "" : pathname;
  const exchange: HttpClient = ({ method, path, header, body, signal }) =>
    new Promise((resolve, reject) => {
      const headers = { ...header, ...lengthHeaders(body) };
      const request = send({ ...server, method, path: prefix + path, headers });
      const abort = () => request.destroy(abortError(signal));
      const fail = (reason: unknown) => {
        signal?.removeEventListener("abort", abort);
        reject(lostConnection(baseUrl, reason));
      };
      request.on("error", fail);
      request.on("response", (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          signal?.removeEventListener("abort", abort);
          resolve(nodeResponse(response.statusCode ?? 0, response.headers, chunks));
        });
      });
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) {
        abort();
      } else if (body !== undefined && body.byteLength > askFirstBytes) {
        endWithLeave(request, body);
      } else {
        request.end(body);
      }
    });
  return Object.assign(exchange, { close: () => agent.destroy() });
}

function lengthHeaders(body: Uint8Array | undefined): Record<string, string> {
  return body === undefined || body.byteLength <= askFirstBytes
    ? {}
    : { expect: "100-continue", "content-length": String(body.byteLength) };
}

function endWithLeave(request: ClientRequest, body: Uint8Array): void {
  const send = () => {
    clearTimeout(timer);
    request.end(body);
  };
  const timer = setTimeout(send, leaveTimeoutMs);
  request.once("continue", send);
  request.once("response", (response: IncomingMessage) => {
    clearTimeout(timer);
    if (!request.writableEnded) {
      // Answered without the body: the connection waits for it, and is of no more use.
      response.once("end", () => request.destroy());
    }
  });
  request.once("close", () => clearTimeout(timer));
}
