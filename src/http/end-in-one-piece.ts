import type { OutgoingMessage } from "node:http";

/** Bodies up to this size are copied, so that they go out in one write with the headers. */
const onePieceBytes = 4 * 1024;

/**
 * Ends a request or a response of HTTP/1.1 with its body. Node writes a string in one piece with the headers, and bytes as
 * a second piece. Latin-1 is byte for byte.
 */
export function endInOnePiece(message: OutgoingMessage, body: Uint8Array): void {
  if (body.byteLength === 0) {
    message.end();
  } else if (body.byteLength <= onePieceBytes) {
    message.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1"), "latin1");
  } else {
    message.end(body);
  }
}
