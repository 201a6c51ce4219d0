import { finished } from "node:stream";
import type { DescMethod } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { createAsyncIterable, type UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import { refusalReason } from "../model/refusal.ts";
import { admission } from "./authenticate.ts";
import { emptyResponse } from "./http/empty-response.ts";
import type { Exchange, HttpResponse, NodeExchange } from "./http/exchange.ts";
import { headerOf, nodeHeaders } from "./http/headers.ts";
import { countPiece } from "./http/small-pieces.ts";
import type { OpenRequest } from "./open-request.ts";
import { pickProtocol } from "./protocol/pick-protocol.ts";
import { publicError } from "./public-error.ts";
import type { UniversalRoute } from "./route.ts";
import { isBusy, type Server } from "./server.ts";
import { needsHttp2, unsupportedStreamType } from "./unsupported-type.ts";

/** Time for a client to read its response, ms, before a reset: many drop the trailers when both come together. */
const lingerMs = 100;

/** Lets Connect-ES respond, if there is a place among the streams and the caller may. */
export function serveUniversal(server: Server, request: OpenRequest, route: UniversalRoute): void {
  const type = headerOf(request.exchange.headers, "content-type") ?? "";
  if (route.method.methodKind !== "unary" && !route.handle.supportedContentType(type)) {
    request.refuse("unsupported_type", unsupportedStreamType(request.exchange, route.method));
    return;
  }
  if (isBusy(server, undefined) || server.streams >= server.maxStreams) {
    request.refuse("too_many_streams", emptyResponse(503));
    return;
  }
  request.countAmong("streams");
  admit(server, request, route)
    .then((refused) =>
      refused === undefined ? stream(server, request.exchange, route) : request.respond(refused),
    )
    .catch((reason: unknown) => request.crash(reason));
}

/** The response to a caller that may not; undefined for one that may. */
async function admit(
  { authenticate, logger }: Server,
  request: OpenRequest,
  { method }: UniversalRoute,
): Promise<HttpResponse | undefined> {
  const { exchange } = request;
  if (authenticate === undefined) {
    return undefined;
  }
  try {
    await admission(exchange, authenticate)(method);
    return undefined;
  } catch (reason) {
    const refused = refusalReason(reason);
    if (refused !== undefined) {
      request.countRefusal(refused);
    }
    const error = publicError(reason, logger);
    // Refuses a stream of Connect in the words of HTTP, which its clients understand too.
    const protocol = pickProtocol(exchange.method, exchange.headers, "");
    return protocol?.failure(error) ?? emptyResponse(codeToHttpStatus(error.code));
  }
}

/** A caller that ends a stream early is not an error. */
async function stream(
  { cors }: Server,
  exchange: Exchange,
  { handle, method }: UniversalRoute,
): Promise<void> {
  const node = exchange.toNode();
  const { request, response } = node;
  const headers = nodeHeaders(cors?.expose(exchange.headers, { headers: [] }) ?? []);
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, value ?? "");
  }
  const universal = universalRequestFromNodeRequest(request, response, undefined, undefined);
  const body = counted(universal.body as AsyncIterable<Uint8Array>, exchange);
  endWithResponse(exchange, node);
  try {
    const answer = await handle({ ...universal, body });
    await universalResponseToNodeResponse(explained(answer, method), response);
  } catch (reason) {
    if (!(reason instanceof ConnectError)) {
      throw reason;
    }
    exchange.reset();
  }
}

/** Connect-ES answers a method that needs HTTP/2 with an empty HTTP 505: this adds a text. */
function explained(answer: UniversalServerResponse, method: DescMethod): UniversalServerResponse {
  if (answer.status !== 505) {
    return answer;
  }
  const header = new Headers(answer.header);
  header.set("content-type", "text/plain; charset=utf-8");
  return { ...answer, header, body: createAsyncIterable([new TextEncoder().encode(needsHttp2(method))]) };
}

/** The pieces of a body, counted as they come. */
async function* counted(body: AsyncIterable<Uint8Array>, exchange: Exchange): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    countPiece(exchange, piece.byteLength);
    yield piece;
  }
}

/**
 * Ends a request once its response is written. Its client may keep its side of a stream open, which nobody reads any
 * more, and which would hold the connection when the server closes.
 */
function endWithResponse(exchange: Exchange, { request, response }: NodeExchange): void {
  // The response of HTTP/2 has no `finish` of its own before its stream is closed on both sides.
  const writable = "stream" in response ? response.stream : response;
  finished(writable, { readable: false }, () => {
    if (!request.complete) {
      setTimeout(() => exchange.reset(), lingerMs).unref();
    }
  });
}
