import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";

/** A request of HTTP/1.1 or HTTP/2. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** A response of HTTP/1.1 or HTTP/2. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Ends a request and its response at once: resets the stream of HTTP/2, closes the connection of HTTP/1.1. */
export function cutOff(request: NodeRequest): void {
  // Destroying an HTTP/2 request as such leaves its stream open.
  if ("stream" in request) {
    request.stream.close(constants.NGHTTP2_NO_ERROR);
  } else {
    request.destroy();
  }
}
