import { finished } from "node:stream";
import { ConnectError } from "@connectrpc/connect";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { HeaderList } from "../model/outcome.ts";
import { nodeHeaders } from "./http/headers.ts";
import { cutOff, type NodeRequest, type NodeResponse } from "./http/node.ts";
import { countPiece } from "./http/small-pieces.ts";
import type { UniversalRoute } from "./route.ts";

/** Time for a client to read its answer, ms, before a reset: many drop the trailers when both come together. */
const lingerMs = 100;

/** The pieces of a body, counted as they come. */
async function* counted(body: AsyncIterable<Uint8Array>, request: NodeRequest): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    countPiece(request, piece.byteLength);
    yield piece;
  }
}

/**
 * Ends a request once its answer is written. Its client may keep its side of a stream open, which nobody reads any more,
 * and which would hold the connection when the server closes.
 */
function endWithAnswer(request: NodeRequest, response: NodeResponse): void {
  // The response of HTTP/2 has no `finish` of its own before its stream is closed on both sides.
  const writable = "stream" in response ? response.stream : response;
  finished(writable, { readable: false }, () => {
    if (!request.complete) {
      setTimeout(cutOff, lingerMs, request).unref();
    }
  });
}

/** Lets Connect-ES answer, with headers of ours. A caller that leaves a stream early is no error. */
export async function answerUniversal(
  { handle }: UniversalRoute,
  request: NodeRequest,
  response: NodeResponse,
  headers: HeaderList,
): Promise<void> {
  for (const [name, value] of Object.entries(nodeHeaders(headers))) {
    response.setHeader(name, value);
  }
  const universal = universalRequestFromNodeRequest(request, response, undefined, undefined);
  const body = counted(universal.body as AsyncIterable<Uint8Array>, request);
  endWithAnswer(request, response);
  try {
    await universalResponseToNodeResponse(await handle({ ...universal, body }), response);
  } catch (reason) {
    if (!(reason instanceof ConnectError)) {
      throw reason;
    }
    cutOff(request);
  }
}
