import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { Readable } from "node:stream";
import { Code, type ConnectError } from "@connectrpc/connect";
import { errorWithCause } from "../model/error-with-cause.ts";
import { isError } from "../model/is-error.ts";
import { collectBody } from "./collect-body.ts";
import type { ClosableHttpClient, HttpClient, HttpRequest, HttpResponse } from "./http.ts";
import { type Http2Connection, http2Connection, type KnownServer } from "./http2-connection.ts";
import type { Http2SessionOptions } from "./http2-options.ts";
import { beginRequest, lostConnection } from "./lost-connection.ts";
import { NodeResponse } from "./node-response.ts";
import { startTimer } from "./timer.ts";

/**
 * An {@link HttpClient} on HTTP/2: one connection for all requests, replaced when it ends or its server falls
 * silent. Another one opens only where so many requests are in flight that the server would let them wait.
 */
export function http2Client(
  baseUrl: string,
  session: Http2SessionOptions = {},
  nodeOptions?: SecureClientSessionOptions,
): ClosableHttpClient {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname === "/" ? "" : pathname;
  const server: KnownServer = {};
  const connections = new Set<Http2Connection>();
  const connection = () => {
    for (const one of connections) {
      if (one.hasRoom()) {
        return one;
      }
    }
    const added = http2Connection(origin, session, nodeOptions, server, () => connections.delete(added));
    connections.add(added);
    return added;
  };
  const send: HttpClient = async (request) => {
    request.signal?.throwIfAborted();
    const { method, path, header, body } = request;
    const headers: Record<string, string> = { ":method": method, ":path": prefix + path, ...header };
    if (body !== undefined) {
      headers["content-type"] = body.contentType;
    }
    const url = baseUrl + path;
    const begun = performance.now();
    const attempt = () =>
      exchange(
        url,
        beginRequest(url, () => connection().request(headers, body === undefined)),
        request,
        begun,
      );
    return (await attempt()) ?? (await attempt()) ?? refused(url);
  };
  return Object.assign(send, {
    close() {
      for (const one of connections) {
        one.destroy();
      }
    },
  });
}

/**
 * One attempt of a request whose time runs since `begun`. Undefined when the server has refused it, as those do
 * that close the connection or allow fewer requests than are on their way: it has not looked at the request,
 * which may go out again (RFC 9113, 8.7).
 *
 * The body goes out in one DATA frame with END_STREAM in it. Restate ends a connection (`GOAWAY`,
 * `too_many_data_frames`) that has about a hundred small DATA frames without END_STREAM outstanding, which
 * is what a client makes that sends the body first and the end of the stream after it.
 */
function exchange(
  url: string,
  stream: WatchedStream,
  { body, signal, limit, maxBodyBytes }: HttpRequest,
  begun: number,
): Promise<HttpResponse | undefined> {
  return new Promise((resolve, reject) => {
    const received = collectBody(maxBodyBytes, (reason) => cancel(reason));
    let fields: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    stream.push = watchedPush;
    let isComplete = false;
    let failure: unknown;

    const cancel = (reason: unknown) => {
      reject(reason);
      stream.close(constants.NGHTTP2_CANCEL);
    };
    const onAbort = () => cancel(signal?.reason);
    const timer = limit && startTimer(limit.ms + begun - performance.now(), () => cancel(limit.error()));
    signal?.addEventListener("abort", onAbort);

    stream.on("response", (headers) => {
      fields = headers;
    });
    stream.on("trailers", (headers) => {
      trailers = headers;
    });
    stream.on("data", received.add);
    stream.on("end", () => {
      if (stream[hasEndStream] === true && fields[":status"] !== undefined) {
        isComplete = true;
        resolve(new NodeResponse(Number(fields[":status"]), fields, trailers, received.join()));
      }
    });
    stream.on("error", (reason) => {
      failure = reason;
    });
    stream.on("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (isComplete) {
        return;
      }
      // A server that knows the deadline may cancel the stream before our own timer gets its turn.
      const isLate = limit !== undefined && performance.now() - begun >= limit.ms;
      if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM && !isLate) {
        resolve(undefined);
      } else {
        reject(isLate ? limit.error() : closedEarly(url, stream, failure));
      }
    });
    if (body !== undefined) {
      stream.end(body.bytes);
    }
  });
}

/**
 * Whether the server ended the stream with END_STREAM. Node ends the readable side of a stream that was reset, or
 * lost with its connection, in the same way; but it closes such a stream first, and one with END_STREAM after.
 */
const hasEndStream = Symbol("hasEndStream");

interface WatchedStream extends ClientHttp2Stream {
  [hasEndStream]?: boolean;
}

/** One function for all streams: a function of its own would keep a stream alive until the next full collection. */
function watchedPush(this: WatchedStream, chunk: unknown, encoding?: BufferEncoding): boolean {
  if (chunk === null && !this.closed) {
    this[hasEndStream] = true;
  }
  return Readable.prototype.push.call(this, chunk, encoding);
}

function refused(url: string): never {
  throw lostConnection(url, new Error("the server refused the request, and once more"));
}

/**
 * What gRPC makes of HTTP/2's error codes (PROTOCOL-HTTP2.md, "Errors"). All others are `unavailable`: a stream
 * that was refused, or ended with its connection, may be tried again.
 */
const resetCodes: ReadonlyMap<number, Code> = new Map([
  [constants.NGHTTP2_PROTOCOL_ERROR, Code.Internal],
  [constants.NGHTTP2_INTERNAL_ERROR, Code.Internal],
  [constants.NGHTTP2_FLOW_CONTROL_ERROR, Code.Internal],
  [constants.NGHTTP2_SETTINGS_TIMEOUT, Code.Internal],
  [constants.NGHTTP2_FRAME_SIZE_ERROR, Code.Internal],
  [constants.NGHTTP2_COMPRESSION_ERROR, Code.Internal],
  [constants.NGHTTP2_CONNECT_ERROR, Code.Internal],
  [constants.NGHTTP2_ENHANCE_YOUR_CALM, Code.ResourceExhausted],
  [constants.NGHTTP2_INADEQUATE_SECURITY, Code.PermissionDenied],
]);

function closedEarly(url: string, { rstCode = 0 }: ClientHttp2Stream, failure: unknown): ConnectError {
  const wasReset = isError(failure) && "code" in failure && failure.code === "ERR_HTTP2_STREAM_ERROR";
  const code = wasReset ? resetCodes.get(rstCode) : undefined;
  const reason = failure ?? new Error(`the stream was closed (HTTP/2 code ${rstCode})`);
  return code === undefined
    ? lostConnection(url, reason)
    : errorWithCause(`${url} reset the stream (HTTP/2 code ${rstCode})`, code, reason);
}
