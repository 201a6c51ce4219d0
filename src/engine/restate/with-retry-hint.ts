import { Code, ConnectError } from "@connectrpc/connect";
import type { TimeLimit } from "../../http/http.ts";
import { restateHeaders } from "../../model/restate-headers.ts";

/** Seconds after which a caller may try again what Restate could not take. */
const retryAfterSeconds = "1";

/** Runs what asks Restate. */
export type Reach = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * Says to callers what it means that Restate was not reached: `unavailable` with a `retry-after` when it is
 * away, hangs, or has no room, and `closing`'s reason once that has aborted.
 */
export function retryHints(closing: AbortSignal): Reach {
  return async (run) => {
    closing.throwIfAborted();
    try {
      return await run();
    } catch (reason) {
      throw closing.aborted ? closing.reason : withRetryHint(reason);
    }
  };
}

/** How long one request to Restate may last, ms. */
export function requestLimit(ms: number): TimeLimit {
  return {
    ms,
    error: () =>
      new ConnectError(
        `Restate gave no answer within ${ms} ms. Is the service's deployment up? What Restate took goes on`,
        Code.Unavailable,
      ),
  };
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
