import { Code, ConnectError } from "@connectrpc/connect";
import { startTimer } from "../../http/timer.ts";
import { askForBody } from "./ask-for-body.ts";
import type { NodeRequest, NodeResponse } from "./node.ts";
import { countPiece } from "./small-pieces.ts";

export interface ReadBodyOptions {
  readonly maxBytes: number;
  /** Time for the whole body, ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Counts bytes as they come. Throws when there are too many of them in all. */
  readonly hold: (bytes: number) => void;
}

/**
 * So many bytes beyond the limit are still read, and dropped, before the refusal. A client that gets its
 * answer while it sends may give up sending, which HTTP/2 takes for a broken request: its reset would
 * overtake the answer.
 */
const dropBytes = 256 * 1024;

/**
 * Reads a whole body.
 *
 * @throws ConnectError `resource_exhausted` when it is too large, `deadline_exceeded` when it is too
 *   slow, the signal's reason when that aborts first, and what `hold` throws.
 */
export function readBody(
  request: NodeRequest,
  response: NodeResponse,
  { maxBytes, timeoutMs, signal, hold }: ReadBodyOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = startTimer(timeoutMs, () => {
      fail(
        new ConnectError(`the request's body did not arrive within ${timeoutMs} ms`, Code.DeadlineExceeded),
      );
    });

    function settle(): void {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onAbort);
      signal.removeEventListener("abort", onAbort);
    }
    function fail(reason: unknown): void {
      settle();
      // The rest is read and dropped, so that a client that only writes comes to read the answer.
      request.resume();
      reject(reason);
    }
    function onData(chunk: Buffer): void {
      countPiece(request, chunk.byteLength);
      size += chunk.byteLength;
      if (size > maxBytes + dropBytes) {
        fail(tooLarge(maxBytes));
      } else if (size > maxBytes) {
        chunks.length = 0;
      } else {
        keep(chunk);
      }
    }
    function keep(chunk: Buffer): void {
      try {
        hold(chunk.byteLength);
        chunks.push(chunk);
      } catch (reason) {
        fail(reason);
      }
    }
    function onEnd(): void {
      if (size > maxBytes) {
        fail(tooLarge(maxBytes));
        return;
      }
      settle();
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    }
    function onAbort(): void {
      fail(signal.aborted ? signal.reason : new ConnectError("the request ended early", Code.Canceled));
    }

    const dropped = request.headers.expect === undefined ? dropBytes : 0;
    if (Number(request.headers["content-length"] ?? 0) > maxBytes + dropped) {
      fail(tooLarge(maxBytes));
      return;
    }
    if (signal.aborted) {
      onAbort();
      return;
    }
    askForBody(request, response);
    request.on("data", onData).on("end", onEnd).on("close", onAbort);
    signal.addEventListener("abort", onAbort);
  });
}

function tooLarge(maxBytes: number): ConnectError {
  return new ConnectError(
    `the request is larger than ${maxBytes} bytes, the limit of this server`,
    Code.ResourceExhausted,
  );
}
