import { lineLogger } from "../../model/line-logger.ts";
import type { Logger } from "../../model/logger.ts";
import { endOfTime } from "./time.ts";

/** How an embedded engine is set up. Only `path` is needed. */
export interface EmbeddedOptions {
  /** The data directory, for example `./restate-data`. Made if it is missing. One engine at a time uses it. */
  readonly path: string;
  /** How attempts that fail with an error other than a `ConnectError` are repeated. */
  readonly retry?: RetryPolicy | undefined;
  /**
   * How long the outcome of a durable invocation is kept after it ended, ms; `Infinity`: for ever.
   * Default: 24 hours.
   */
  readonly retentionMs?: number | undefined;
  /**
   * Handlers at work at once. Default: 1,000. One that waits for a call, an `attach` or an awakeable does
   * not count: it may be waiting for one that has yet to start. Of durable invocations no more than four
   * times as many are begun at once: beyond that, those that have waited longest make room. Their signals
   * abort, and they run again from the start when something that they wait for is there.
   */
  readonly maxRunning?: number | undefined;
  /**
   * Plain calls that may wait in memory for a place or for their turn, and requests to the store that
   * may be unanswered. Beyond it `resource_exhausted`. Default: 10,000.
   */
  readonly maxQueued?: number | undefined;
  /** The same in bytes of their payloads: one of any size is taken, more only within this. Default: 256 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /** The store takes no more invocations beyond this size, bytes: `resource_exhausted`. Default: 8 GiB. */
  readonly maxStoreBytes?: number | undefined;
  /** Receives failed attempts and failures of the store. Default: readable lines on standard error. */
  readonly logger?: Logger | undefined;
}

/** Exponential backoff. Each wait is drawn from the upper half of its interval, so that retries spread out. */
export interface RetryPolicy {
  /** Before the second attempt, ms. Default: 50. */
  readonly initialIntervalMs?: number | undefined;
  /** Each interval is this many times the one before. Default: 2. */
  readonly factor?: number | undefined;
  /** No interval is longer, ms; `Infinity`: without limit. Default: 10,000. */
  readonly maxIntervalMs?: number | undefined;
  /**
   * Attempts until the invocation fails with `internal`. Default: without limit. Those that fail count, not
   * those that end with their process.
   */
  readonly maxAttempts?: number | undefined;
}

export type ResolvedRetry = Resolved<RetryPolicy>;
export type ResolvedOptions = Resolved<Omit<EmbeddedOptions, "retry">> & {
  readonly retry: ResolvedRetry;
  /** Attempts at work or waiting. */
  readonly maxOpen: number;
};

/** Options with their defaults filled in. */
type Resolved<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** Attempts that may be open for each that may be at work. */
const openPerRunning = 4;

/**
 * Fills in the defaults.
 *
 * @throws RangeError that names an option whose value is not such a number.
 */
export function resolveOptions({ retry = {}, ...options }: EmbeddedOptions): ResolvedOptions {
  const { maxRunning = 1_000 } = options;
  const resolved: ResolvedOptions = {
    path: options.path,
    retentionMs: Math.min(Math.round(options.retentionMs ?? 24 * 60 * 60 * 1_000), endOfTime),
    maxRunning,
    maxOpen: maxRunning * openPerRunning,
    maxQueued: options.maxQueued ?? 10_000,
    maxQueuedBytes: options.maxQueuedBytes ?? 256 * 2 ** 20,
    maxStoreBytes: options.maxStoreBytes ?? 8 * 2 ** 30,
    logger: options.logger ?? lineLogger(),
    retry: {
      initialIntervalMs: retry.initialIntervalMs ?? 50,
      factor: retry.factor ?? 2,
      maxIntervalMs: retry.maxIntervalMs ?? 10_000,
      maxAttempts: retry.maxAttempts ?? Number.POSITIVE_INFINITY,
    },
  };
  requireAtLeast(0, {
    retentionMs: resolved.retentionMs,
    maxQueued: resolved.maxQueued,
    maxQueuedBytes: resolved.maxQueuedBytes,
  });
  requireAtLeast(1, {
    maxRunning: resolved.maxRunning,
    maxStoreBytes: resolved.maxStoreBytes,
    "retry.initialIntervalMs": resolved.retry.initialIntervalMs,
    "retry.factor": resolved.retry.factor,
    "retry.maxIntervalMs": resolved.retry.maxIntervalMs,
    "retry.maxAttempts": resolved.retry.maxAttempts,
  });
  if (!Number.isFinite(resolved.retry.initialIntervalMs)) {
    throw new RangeError("option retry.initialIntervalMs of embedded() is Infinity: it must be finite");
  }
  return resolved;
}

function requireAtLeast(least: number, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value >= least)) {
      throw new RangeError(
        `option ${name} of embedded() is ${value}: it must be a number of at least ${least}`,
      );
    }
  }
}
