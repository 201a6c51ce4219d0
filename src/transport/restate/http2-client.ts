import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { Http2SessionManager, type Http2SessionOptions } from "@connectrpc/connect-node";
import type { HttpClient, HttpResponse } from "./http.ts";
import { lostConnection } from "./lost-connection.ts";
import { nodeResponse } from "./node-response.ts";

/**
 * An {@link HttpClient} on HTTP/2: one connection for all requests, replaced when the server ends it.
 *
 * The body goes out in one DATA frame with END_STREAM in it. Restate ends a connection (`GOAWAY`,
 * `too_many_data_frames`) that has about a hundred small DATA frames without END_STREAM outstanding, which
 * is what a client makes that sends the body first and the end of the stream after it.
 */
export function http2Client(
  baseUrl: string,
  session?: Http2SessionOptions,
  nodeOptions?: SecureClientSessionOptions,
): HttpClient {
  const { pathname } = new URL(baseUrl);
  const prefix = pathname === "/" ? "" : pathname;
  const manager = new Http2SessionManager(baseUrl, session, nodeOptions);
  return async ({ method, path, header, body, signal }) => {
    signal?.throwIfAborted();
    try {
      const options = { endStream: body === undefined };
      const stream = await manager.request(method, prefix + path, { ...header }, options);
      return await exchange(stream, body, signal);
    } catch (reason) {
      throw lostConnection(reason);
    }
  };
}

async function exchange(
  stream: ClientHttp2Stream,
  body: Uint8Array | undefined,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
  signal?.addEventListener("abort", cancel);
  try {
    const headers = new Promise<IncomingHttpHeaders>((resolve, reject) => {
      stream.once("response", resolve);
      stream.once("error", reject);
      stream.once("close", () => reject(new Error(`the stream was closed (HTTP/2 code ${stream.rstCode})`)));
    });
    if (body !== undefined) {
      stream.end(body);
    }
    if (signal?.aborted) {
      cancel();
    }
    const fields = await headers;
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
    }
    return nodeResponse(Number(fields[":status"]), fields, chunks);
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
