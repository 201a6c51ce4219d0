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
    const { stream } = request;
    // Without an error, a stream first waits until all that was written is read.
    stream.close(stream.writableFinished ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
  } else {
    request.socket.destroy(); // destroying a request that is complete leaves its connection open
  }
}

/** Closes a request's whole connection at once, with `ENHANCE_YOUR_CALM` over HTTP/2. */
export function cutOffConnection(request: NodeRequest): void {
  if ("stream" in request) {
    request.stream.session?.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  } else {
    request.socket.destroy();
  }
}

/** Whether a response can no longer be written: its client has gone, or has it all. */
export function isGone(response: NodeResponse): boolean {
  // HTTP/2's response has no `destroyed`; its stream does.
  return "stream" in response ? response.stream.destroyed : response.destroyed;
}
