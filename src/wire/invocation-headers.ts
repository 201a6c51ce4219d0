import { Code, ConnectError } from "@connectrpc/connect";
import type { Idempotency } from "../model/invocation.ts";
import { restateHeaders } from "../model/restate-headers.ts";

/** Looks up a request header by its lower-case name. */
export type GetHeader = (name: string) => string | null | undefined;

/** What Restate's own parsers keep of a retention period: 32 bits of seconds. */
const maxRetentionSeconds = 2 ** 32 - 1;

/**
 * Reads `idempotency-key` and `idempotency-retention-period` (s; 0: the engine's default).
 *
 * @throws ConnectError `invalid_argument` when the key is empty or the period no whole number of seconds.
 */
export function readIdempotency(get: GetHeader): Idempotency | undefined {
  const key = get(restateHeaders.idempotencyKey);
  if (key === null || key === undefined) {
    return undefined;
  }
  if (key === "") {
    throw new ConnectError(
      `header ${restateHeaders.idempotencyKey} is empty: give a key, or leave the header out`,
      Code.InvalidArgument,
    );
  }
  const seconds = readCount(get, restateHeaders.idempotencyRetention, "seconds", maxRetentionSeconds);
  return seconds === undefined || seconds === 0 ? { key } : { key, retentionMs: seconds * 1000 };
}

/**
 * Reads `x-restate-delay` (ms).
 *
 * @throws ConnectError `invalid_argument` if it is not a whole number of milliseconds.
 */
export function readDelayMs(get: GetHeader): number | undefined {
  return readCount(get, restateHeaders.delay, "milliseconds", Number.MAX_SAFE_INTEGER);
}

/** A delayed call has no answer to wait for: refused, rather than run at once. */
export function refuseDelay(get: GetHeader): void {
  if (get(restateHeaders.delay) !== null && get(restateHeaders.delay) !== undefined) {
    throw new ConnectError(
      `header ${restateHeaders.delay} delays one-way invocations only: send through dev.restate.Ingress/Invoke`,
      Code.InvalidArgument,
    );
  }
}

function readCount(get: GetHeader, name: string, unit: string, max: number): number | undefined {
  const value = get(name);
  if (value === null || value === undefined) {
    return undefined;
  }
  const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(count <= max)) {
    throw new ConnectError(
      `header ${name} is ${JSON.stringify(value)}: give a whole number of ${unit}, at most ${max}`,
      Code.InvalidArgument,
    );
  }
  return count;
}
