import { Code, ConnectError, type Interceptor, type UnaryRequest } from "@connectrpc/connect";
import { invoked } from "../model/call-subject.ts";
import { handlerKind } from "../model/handler-kind.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { hasNoSideEffects } from "../model/well-known.ts";

/** Options of {@link retry}: number of attempts and time between them. */
export interface RetryOptions {
  /** Maximum number of attempts, including the first. Default: 5. */
  readonly maxAttempts?: number | undefined;
  /** Upper bound of the wait before the second attempt, in ms; doubles with each attempt. Default: 100. */
  readonly initialIntervalMs?: number | undefined;
  /** Upper bound of a wait, in ms, unless the server asks for more with `retry-after`. Default: 5000. */
  readonly maxIntervalMs?: number | undefined;
  /** Time in ms after the first attempt in which further attempts may begin, even without a deadline. Default: 60000. */
  readonly maxDurationMs?: number | undefined;
}

/** The service whose errors are outcomes. */
const invocations = "restateconnect.v1.Invocations";

/** As in gRPC's retry throttling: a failure costs a token, a success earns a part of one back. */
const budgetTokens = 10;
const tokensPerSuccess = 0.1;

/**
 * An interceptor that repeats unary calls and sends that failed on the way: `unavailable`, a lost
 * connection, and `resource_exhausted` with a `retry-after`. Also a transport option, `retry: true`.
 *
 * All attempts carry one idempotency key (the caller's, or a random one), so that the server runs the
 * invocation once even where only the answer was lost. Waits grow exponentially with full jitter. A call
 * never outlives its deadline or signal. When the next attempt would come later than `maxDurationMs` or the
 * deadline allows, as after a long `retry-after`, the error is thrown at once. When most calls fail, retries
 * stop until some succeed again, so that they do not add to an overload.
 *
 * An error thrown by a handler is the outcome of its invocation, kept under the key. It is not repeated,
 * regardless of its code.
 *
 * The server must honour `idempotency-key`, as Restate and our ingress do. Methods marked
 * NO_SIDE_EFFECTS need no key and carry none; neither do submitted workflows, which run once for their id.
 */
export function retry(options: RetryOptions = {}): Interceptor {
  const { maxAttempts = 5, initialIntervalMs = 100, maxIntervalMs = 5_000, maxDurationMs = 60_000 } = options;
  let tokens = budgetTokens;
  return (next) => async (request) => {
    if (request.stream) {
      return await next(request);
    }
    ensureIdempotencyKey(request);
    const begun = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await next(request);
        tokens = Math.min(budgetTokens, tokens + tokensPerSuccess);
        return response;
      } catch (reason) {
        const error = ConnectError.from(reason);
        if (!isRetryable(error) || isOutcome(error, request) || request.signal.aborted) {
          throw reason;
        }
        tokens = Math.max(0, tokens - 1);
        if (attempt >= maxAttempts || tokens <= budgetTokens / 2) {
          throw reason;
        }
        const backoff = Math.random() * Math.min(maxIntervalMs, initialIntervalMs * 2 ** (attempt - 1));
        const ms = Math.max(backoff, retryAfterMs(error) ?? 0);
        if (performance.now() - begun + ms > Math.min(maxDurationMs, timeoutMs(request))) {
          throw reason;
        }
        await wait(ms, request.signal, reason);
      }
    }
  };
}

function ensureIdempotencyKey({ method, header, contextValues }: UnaryRequest): void {
  const subject = contextValues.get(invoked)?.method ?? method;
  const isSafe = hasNoSideEffects(method) || handlerKind(subject) === "run";
  if (!isSafe && !header.has(restateHeaders.idempotencyKey)) {
    header.set(restateHeaders.idempotencyKey, randomKey());
  }
}

/** Not `crypto.randomUUID`: browsers keep it from pages that did not come over https. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isRetryable(error: ConnectError): boolean {
  return (
    error.code === Code.Unavailable ||
    (error.code === Code.ResourceExhausted && retryAfterMs(error) !== undefined)
  );
}

/** True for how the invocation ended, as the server keeps it: every further attempt would only be told again. */
function isOutcome({ metadata }: ConnectError, { method, header }: UnaryRequest): boolean {
  const isKept = method.parent.typeName === invocations || header.has(restateHeaders.idempotencyKey);
  return (
    metadata.has(restateHeaders.idempotencyExpires) ||
    (isKept && metadata.get(restateHeaders.errorSource) === "invocation")
  );
}

/** The time limit that the request carries, ms. Not all protocols do: then the signal alone ends the call. */
function timeoutMs({ header }: UnaryRequest): number {
  const text = header.get("connect-timeout-ms") ?? header.get("grpc-timeout");
  // "100" and "100m" are ms; a deadline that no timer could hold is in seconds.
  return text === null
    ? Number.POSITIVE_INFINITY
    : Number.parseInt(text, 10) * (text.endsWith("S") ? 1_000 : 1);
}

/** `retry-after`, in seconds or as an HTTP date (RFC 9110 section 10.2.3). */
function retryAfterMs(error: ConnectError): number | undefined {
  const value = error.metadata.get("retry-after");
  if (value === null) {
    return undefined;
  }
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Ends early with the error of the last attempt when the call is aborted or its deadline passes. */
function wait(ms: number, signal: AbortSignal, reason: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason instanceof ConnectError ? signal.reason : reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
