import { constants, type ServerHttp2Session } from "node:http2";

/** How many requests of a connection HTTP/2 itself may refuse in a second. */
const maxRefused = 1_000;

/**
 * Destroys a connection that goes on sending requests whose headers are beyond the limits. Node resets these
 * by itself and tells nobody, but has to decode them all the same: a small one may stand for megabytes of what
 * the connection has sent before (HPACK). So they are told by their streams, of which clients number every
 * other one, and which no handler has seen.
 */
export function destroyOnRefusedRequests(session: ServerHttp2Session): void {
  let seen = 0;
  let refusedBefore = 0;
  session.on("stream", () => {
    seen += 1;
  });
  const timer = setInterval(() => {
    const begun = Math.ceil((session.state.lastProcStreamID ?? 0) / 2);
    const refused = begun - seen;
    if (refused - refusedBefore > maxRefused) {
      session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    }
    refusedBefore = refused;
  }, 1_000).unref();
  session.once("close", () => clearInterval(timer));
}
