import type { ServerResponse } from "node:http";
import type { HeaderList } from "../../model/outcome.ts";
import type { HttpAnswer } from "../protocol/protocol.ts";
import { nodeHeaders } from "./headers.ts";
import { isGone, type NodeResponse } from "./node.ts";

/** Writes a complete response. One whose client has gone is dropped. */
export function writeAnswer(response: NodeResponse, answer: HttpAnswer, more: HeaderList): void {
  // The two kinds of response differ only in types that do not matter here.
  const writable = response as ServerResponse;
  if (isGone(response) || writable.headersSent) {
    return;
  }
  const headers = nodeHeaders([...answer.headers, ...more]);
  if (answer.trailers === undefined && answer.body.byteLength === 0) {
    // Headers that are set, not written, travel in one HTTP/2 frame with the end of the stream.
    writable.statusCode = answer.status;
    for (const [name, value] of Object.entries(headers)) {
      writable.setHeader(name, value);
    }
    writable.end();
    return;
  }
  writable.writeHead(answer.status, headers);
  if (answer.trailers === undefined) {
    writable.end(answer.body);
    return;
  }
  // Over HTTP/1.1 these need a chunked body: no content-length, and a write before the end.
  if (answer.body.byteLength > 0) {
    writable.write(answer.body);
  }
  writable.addTrailers(nodeHeaders(answer.trailers) as Record<string, string>);
  writable.end();
}
