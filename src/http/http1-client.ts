import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import type { Payload } from "../wire/payload.ts";
import { chunksUpTo } from "./chunks-up-to.ts";
import type { ClosableHttpClient, HeaderRecord, HttpClient } from "./http.ts";
import { beginRequest, lostConnection } from "./lost-connection.ts";
import { nodeResponse } from "./node-response.ts";
import { startTimer } from "./timer.ts";

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
  const exchange: HttpClient = async ({ method, path, header, body, signal, limit, maxBodyBytes }) => {
    signal?.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const headers = headersOf(header, body);
      const request = beginRequest(baseUrl + path, () =>
        send({ ...server, method, path: prefix + path, headers }),
      );
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const cancel = (reason: unknown) => {
        settle();
        reject(reason);
        request.destroy();
      };
      const fail = (reason: unknown) => {
        settle();
        reject(lostConnection(baseUrl + path, reason));
      };
      const onAbort = () => cancel(signal?.reason);
      const timer = limit && startTimer(limit.ms, () => cancel(limit.error()));
      signal?.addEventListener("abort", onAbort);
      request.on("error", fail);
      request.on("response", (response: IncomingMessage) => {
        const chunks = chunksUpTo(maxBodyBytes, cancel);
        response.on("data", chunks.add);
        response.on("error", fail);
        response.on("end", () => {
          settle();
          resolve(nodeResponse(response.statusCode ?? 0, response.headers, response.trailers, chunks.all));
        });
      });
      if (body !== undefined && body.bytes.byteLength > askFirstBytes) {
        endWithLeave(request, body.bytes);
      } else {
        request.end(body?.bytes);
      }
    });
  };
  return Object.assign(exchange, { close: () => agent.destroy() });
}

function headersOf(header: HeaderRecord, body: Payload | undefined): HeaderRecord {
  if (body === undefined) {
    return header;
  }
  const headers = { ...header, "content-type": body.contentType };
  const { byteLength } = body.bytes;
  return byteLength <= askFirstBytes
    ? headers
    : { ...headers, expect: "100-continue", "content-length": String(byteLength) };
}

function endWithLeave(request: ClientRequest, body: Uint8Array): void {
  const send = () => {
    clearTimeout(timer);
    // Leave may still come, once the wait for it is over.
    request.off("continue", send);
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
