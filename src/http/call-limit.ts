import { Code, ConnectError } from "@connectrpc/connect";
import type { TimeLimit } from "./http.ts";
import { timerMs } from "./timer.ts";

/**
 * The time limit of a call. Undefined for none: 0 or less, as in Connect-ES, and a time that no timer can hold
 * (24.8 days), `Infinity` for example.
 *
 * @throws ConnectError `invalid_argument` when the time is not a number
 */
export function callLimit(timeoutMs: number): TimeLimit | undefined {
  if (Number.isNaN(timeoutMs)) {
    throw new ConnectError("timeoutMs is NaN: it must be a number of milliseconds", Code.InvalidArgument);
  }
  const ms = timeoutMs > 0 ? timerMs(timeoutMs) : undefined;
  return ms === undefined ? undefined : { ms, error: deadlineExceeded };
}

function deadlineExceeded(): ConnectError {
  return new ConnectError("the operation timed out", Code.DeadlineExceeded);
}
