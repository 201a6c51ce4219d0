import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from "node:http2";
import { Http2SessionManager, type Http2SessionOptions } from "@connectrpc/connect-node";
import type { ClosableHttpClient, HttpClient, HttpResponse } from "./http.ts";
import { lostConnection } from "./lost-connection.ts";
import { nodeResponse } from "./node-response.ts";

/** Restate allows 200 streams on a connection; what ends a stream may still be on its way. */
const maxInFlight = 150;

/**
 * An {@link HttpClient} on HTTP/2: one connection for all requests, replaced when the server ends it.
 * Another one opens only where so many requests are in flight that the server would let them wait.
 *
 * The body goes out in one DATA frame with END_STREAM in it. Restate ends a connection (`GOAWAY`,
 * `too_many_data_frames`) that has about a hundred small DATA frames without END_STREAM outstanding, which
 * is what a client makes that sends the body first and the end of the stream after it.
 */
export function http2Client(
  baseUrl: string,
  session?: Http2SessionOptions,
  nodeOptions?: SecureClientSessionOptions,
): ClosableHttpClient {
  const { pathname } = new URL(baseUrl);
  const prefix = pathname === "/" ? "" : pathname;
  const connections: { readonly manager: Http2SessionManager; inFlight: number }[] = [];
  const connection = () => {
    const free = connections.find(({ inFlight }) => inFlight < maxInFlight);
    if (free !== undefined) {
      return free;
    }
    const added = { manager: new Http2SessionManager(baseUrl, session, nodeOptions), inFlight: 0 };
    connections.push(added);
    return added;
  };
  const send: HttpClient = async ({ method, path, header, body, signal }) => {
    signal?.throwIfAborted();
    const used = connection();
    used.inFlight++;
    try {
      const options = { endStream: body === undefined };
      const stream = await used.manager.request(method, prefix + path, { ...header }, options);
      takeSessionErrors(stream);
      return await exchange(stream, body, signal);
    } catch (reason) {
      throw lostConnection(baseUrl, reason);
    } finally {
      used.inFlight--;
    }
  };
  return Object.assign(send, {
    close() {
      for (const { manager } of connections) {
        manager.abort();
      }
    },
  });
}

const taken = new WeakSet<object>();

/**
 * The streams of a broken session fail with it, which is all we need to know. The session manager stops to
 * listen at a session's first error, and a server that speaks no HTTP/2 makes a second one: without a
 * listener that would end the process.
 */
function takeSessionErrors({ session }: ClientHttp2Stream): void {
  if (session !== undefined && !taken.has(session)) {
    taken.add(session);
    session.on("error", () => {});
  }
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
      stream.once("close", () => reject(closedEarly(stream)));
    });
    if (body !== undefined) {
      stream.end(body);
    }
    if (signal?.aborted) {
      cancel();
    }
    const fields = await headers;
    const chunks = await bodyOf(stream);
    return nodeResponse(Number(fields[":status"]), fields, chunks);
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

function bodyOf(stream: ClientHttp2Stream): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.once("end", () => resolve(chunks));
    stream.once("error", reject);
    stream.once("close", () => reject(closedEarly(stream)));
  });
}

function closedEarly({ rstCode }: ClientHttp2Stream): Error {
  return new Error(`the stream was closed (HTTP/2 code ${rstCode})`);
}
