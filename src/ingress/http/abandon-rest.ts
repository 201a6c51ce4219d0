import { cutOff, type NodeRequest } from "./node.ts";
import { countPiece } from "./small-pieces.ts";

/**
 * How long a client may go on with a request that has its answer already, ms. Cutting it off at once would
 * reset the connection, and a client that is still writing may then never read the answer.
 */
const lingerMs = 1_000;

/** Drops what is still to come of a request that has its answer, and cuts it off when it does not end. */
export function abandonRest(request: NodeRequest): void {
  if (request.complete) {
    return;
  }
  const timer = setTimeout(() => cutOff(request), lingerMs).unref();
  request
    .on("data", (piece: Uint8Array) => countPiece(request, piece.byteLength))
    .once("end", () => clearTimeout(timer))
    .resume();
}
