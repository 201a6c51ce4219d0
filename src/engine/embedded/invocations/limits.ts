import { Code, ConnectError } from "@connectrpc/connect";
import { keyTooLong, maxKeyBytes } from "../errors.ts";
import { endOfTime } from "../time.ts";

/** Checks the length of an object key. @throws ConnectError `invalid_argument` beyond 4 KiB. */
export function requireKeyLength(key: string | undefined): void {
  // A character has at most three bytes of UTF-8.
  if (key !== undefined && key.length * 3 > maxKeyBytes) {
    const bytes = Buffer.byteLength(key);
    if (bytes > maxKeyBytes) {
      throw keyTooLong(bytes);
    }
  }
}

/** Checks a delay, ms. @throws ConnectError `invalid_argument` beyond the operator's limit. */
export function requireDelay(delayMs: number | undefined, maxDelayMs: number): number {
  if (delayMs === undefined) {
    return 0;
  }
  if (Number.isNaN(delayMs)) {
    throw new ConnectError("the delay is not a number: give milliseconds", Code.InvalidArgument);
  }
  if (delayMs > maxDelayMs) {
    throw new ConnectError(
      `the delay is ${delayMs} ms and this server allows at most ${maxDelayMs} ms`,
      Code.InvalidArgument,
    );
  }
  return delayMs;
}

/** Checks a retention, ms, and rounds it. @throws ConnectError `invalid_argument` beyond the operator's limit. */
export function requireRetention(retentionMs: number, maxRetentionMs: number): number {
  if (!(retentionMs >= 0)) {
    throw new ConnectError(
      `the retention of the idempotency key is ${retentionMs}: give milliseconds, 0 or more`,
      Code.InvalidArgument,
    );
  }
  if (retentionMs > maxRetentionMs) {
    throw new ConnectError(
      `the retention of the idempotency key is ${retentionMs} ms and this server allows at most ${maxRetentionMs} ms`,
      Code.InvalidArgument,
    );
  }
  return Math.min(Math.round(retentionMs), endOfTime);
}
