import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import type { Http2SessionOptions } from "@connectrpc/connect-node";
import { startTimer } from "../../wire/timer.ts";
import type { ClosableHttpClient, HttpClient, HttpRequest, HttpResponse } from "./http.ts";
import { type Http2Connection, http2Connection } from "./http2-connection.ts";
import { beginRequest, lostConnection } from "./lost-connection.ts";
import { nodeResponse } from "./node-response.ts";

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
  const connections = new Set<Http2Connection>();
  const connection = () => {
    for (const one of connections) {
      if (one.hasRoom()) {
        return one;
      }
    }
    const added = http2Connection(origin, session, nodeOptions, () => connections.delete(added));
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
    const stream = beginRequest(baseUrl, () => connection().request(headers, body === undefined));
    return await exchange(baseUrl, stream, request);
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
 * The body goes out in one DATA frame with END_STREAM in it. Restate ends a connection (`GOAWAY`,
 * `too_many_data_frames`) that has about a hundred small DATA frames without END_STREAM outstanding, which
 * is what a client makes that sends the body first and the end of the stream after it.
 */
function exchange(
  baseUrl: string,
  stream: ClientHttp2Stream,
  { body, signal, limit }: HttpRequest,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let fields: IncomingHttpHeaders = {};
    let isComplete = false;
    let failure: unknown;

    const cancel = (reason: unknown) => {
      reject(reason);
      stream.close(constants.NGHTTP2_CANCEL);
    };
    const onAbort = () => cancel(signal?.reason);
    const timer = limit && startTimer(limit.ms, () => cancel(limit.error()));
    signal?.addEventListener("abort", onAbort);

    stream.on("response", (received) => {
      fields = received;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      // Node ends the streams of a lost connection too, with a code.
      if (stream.rstCode === constants.NGHTTP2_NO_ERROR && fields[":status"] !== undefined) {
        isComplete = true;
        resolve(nodeResponse(Number(fields[":status"]), fields, chunks));
      }
    });
    stream.on("error", (reason) => {
      failure = reason;
    });
    stream.on("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if (!isComplete) {
        reject(lostConnection(baseUrl, failure ?? closedEarly(stream)));
      }
    });
    if (body !== undefined) {
      stream.end(body.bytes);
    }
  });
}

function closedEarly({ rstCode }: ClientHttp2Stream): Error {
  return new Error(`the stream was closed (HTTP/2 code ${rstCode})`);
}
