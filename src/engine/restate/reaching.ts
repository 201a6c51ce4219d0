import { Code, ConnectError } from "@connectrpc/connect";
import { restateHeaders } from "../../wire/restate-headers.ts";

/** Seconds after which a caller may try again what Restate could not take. */
const retryAfterSeconds = "1";

/** Runs one request to Restate; `callers` ends its wait. */
export type Reach = <T>(
  callers: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * Makes requests that never hang: each ends with its result, the caller's reason, `deadline_exceeded` after
 * `timeoutMs`, or `unavailable` with a `retry-after` when Restate is away or the engine closes.
 */
export function reaching(closing: AbortSignal, timeoutMs: number): Reach {
  return async (callers, run) => {
    const waiting = new AbortController();
    const stop = (reason: unknown) => waiting.abort(reason);
    const timer = setTimeout(() => stop(tooLong(timeoutMs)), timeoutMs);
    const onCaller = () => stop(callers?.reason);
    const onClosing = () => stop(closing.reason);
    callers?.addEventListener("abort", onCaller);
    closing.addEventListener("abort", onClosing);
    try {
      callers?.throwIfAborted();
      closing.throwIfAborted();
      return await run(waiting.signal);
    } catch (reason) {
      throw waiting.signal.aborted ? waiting.signal.reason : withRetryHint(reason);
    } finally {
      clearTimeout(timer);
      callers?.removeEventListener("abort", onCaller);
      closing.removeEventListener("abort", onClosing);
    }
  };
}

function tooLong(timeoutMs: number): ConnectError {
  return new ConnectError(
    `Restate gave no answer within ${timeoutMs} ms. Is the service's deployment up? What Restate took goes on`,
    Code.DeadlineExceeded,
  );
}

function withRetryHint(reason: unknown): ConnectError {
  const error = ConnectError.from(reason);
  const mayPass = error.code === Code.Unavailable || error.code === Code.ResourceExhausted;
  if (mayPass && !error.metadata.has("retry-after") && !isInvocations(error)) {
    error.metadata.set("retry-after", retryAfterSeconds);
  }
  return error;
}

/** The handler's own error: to try again is for its metadata to say. */
function isInvocations(error: ConnectError): boolean {
  return error.metadata.get(restateHeaders.errorSource) === "invocation";
}
