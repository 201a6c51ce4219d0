import http, { type AgentOptions, type ClientRequest, type IncomingMessage } from "node:http";
import https, { type RequestOptions } from "node:https";
import type { HeaderRecord } from "../wire/caller-headers.ts";
import type { Payload } from "../wire/payload.ts";
import { collectBody } from "./collect-body.ts";
import { endInOnePiece } from "./end-in-one-piece.ts";
import type { ClosableHttpClient, HttpClient, HttpRequest, HttpResponse } from "./http.ts";
import { beginRequest, lostConnection } from "./lost-connection.ts";
import { NodeResponse } from "./node-response.ts";
import { startTimer } from "./timer.ts";

/**
 * Larger bodies ask first (`Expect: 100-continue`). A server that refuses them closes the connection, and
 * a client that is still writing then loses the response that says why.
 */
const askFirstBytes = 1 << 20;
/** How long to wait for `100 Continue`, ms, from a server that does not know the question. As curl does. */
const continueTimeoutMs = 1_000;
/** The response headers that a client takes, bytes. Node's own limit of 16 KiB is below that of its HTTP/2. */
const maxHeaderSize = 64 * 1024;
/**
 * A server may refuse a request before it has read the body, and then close the connection without a warning
 * (hyper does). Smaller bodies arrive with the headers, and are read with them.
 */
const readWithHeadersBytes = 4 * 1024;

const noBytes = new Uint8Array();

/** What every request of a client has in common. */
interface Http1Server {
  readonly baseUrl: string;
  readonly send: typeof http.request;
  readonly options: RequestOptions;
  /** The path of the base URL, without a slash at its end. */
  readonly prefix: string;
}

/**
 * An {@link HttpClient} on HTTP/1.1: kept-alive connections, one for each request in flight. It goes through the
 * proxies that Node takes from the environment (`NODE_USE_ENV_PROXY`, `--use-env-proxy`).
 */
export function http1Client(baseUrl: string, nodeOptions: RequestOptions = {}): ClosableHttpClient {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  const { Agent, globalAgent, request: send } = protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, proxyEnv: proxyEnvOf(globalAgent) });
  const server: Http1Server = {
    baseUrl,
    send,
    // An IPv6 address stands in brackets in a URL, and without them in a socket's options.
    options: { host: hostname.replace(/^\[(.*)\]$/, "$1"), port, agent, maxHeaderSize, ...nodeOptions },
    prefix: pathname === "/" ? "" : pathname,
  };
  let asksFirst = true;
  const client: HttpClient = async (request) => {
    request.signal?.throwIfAborted();
    const begun = performance.now();
    const isLarge = (request.body?.bytes.byteLength ?? 0) > askFirstBytes;
    const response = await exchange(server, request, begun, isLarge && asksFirst);
    if (response.status !== 417 || !isLarge || !asksFirst) {
      return response;
    }
    // Something on the way does not know the expectation: again without it (RFC 9110, 10.1.1).
    asksFirst = false;
    return await exchange(server, request, begun, false);
  };
  return Object.assign(client, { close: () => agent.destroy() });
}

/** The proxies that Node's own agent uses: those of the environment, where Node was told to honour them. */
function proxyEnvOf(agent: http.Agent & { readonly options?: AgentOptions }): AgentOptions["proxyEnv"] {
  return agent.options?.proxyEnv;
}

/** One request, whose time runs since `begun`, and its response. */
function exchange(
  { baseUrl, send, options, prefix }: Http1Server,
  { method, path, header, body, signal, limit, maxBodyBytes }: HttpRequest,
  begun: number,
  asksFirst: boolean,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const headers = headersOf(header, body, asksFirst);
    const request = beginRequest(baseUrl + path, () =>
      send({ ...options, method, path: prefix + path, headers }),
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
    const timer = limit && startTimer(limit.ms + begun - performance.now(), () => cancel(limit.error()));
    signal?.addEventListener("abort", onAbort);
    request.on("error", fail);
    request.on("response", (response: IncomingMessage) => {
      const received = collectBody(maxBodyBytes, cancel);
      const { statusCode = 0, socket } = response;
      response.on("data", received.add);
      response.on("error", fail);
      response.on("end", () => {
        settle();
        if (statusCode >= 400 && (body?.bytes.byteLength ?? 0) > readWithHeadersBytes) {
          socket.destroy();
        }
        resolve(new NodeResponse(statusCode, response.headers, response.trailers, received.join()));
      });
    });
    if (asksFirst) {
      endWhenAsked(request, body?.bytes);
    } else {
      endInOnePiece(request, body?.bytes ?? noBytes);
    }
  });
}

function headersOf(header: HeaderRecord, body: Payload | undefined, asksFirst: boolean): HeaderRecord {
  if (body === undefined) {
    return header;
  }
  const headers = { ...header, "content-type": body.contentType };
  return asksFirst
    ? { ...headers, expect: "100-continue", "content-length": String(body.bytes.byteLength) }
    : headers;
}

/** Sends the body once the server asks for it, or does not know the question. */
function endWhenAsked(request: ClientRequest, body: Uint8Array | undefined): void {
  const send = () => {
    clearTimeout(timer);
    // `100 Continue` may still come, once the wait for it is over.
    request.off("continue", send);
    request.end(body);
  };
  const timer = setTimeout(send, continueTimeoutMs);
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
