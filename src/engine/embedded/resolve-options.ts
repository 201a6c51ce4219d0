import { nameHint } from "../../model/closest.ts";
import { type OptionNames, refuseUnknownOptions } from "../../model/known-options.ts";
import { lineLogger } from "../../model/line-logger.ts";
import type { EmbeddedOptions, RetryPolicy } from "./options.ts";
import { endOfTime } from "./time.ts";

export type ResolvedRetry = Resolved<RetryPolicy>;
export type ResolvedOptions = Resolved<Omit<EmbeddedOptions, "retry" | "redactedHeaders">> & {
  readonly retry: ResolvedRetry;
  readonly redactedHeaders: ReadonlySet<string>;
  /** Attempts at work or waiting. */
  readonly maxOpen: number;
  /** The same in bytes of their requests. */
  readonly maxOpenBytes: number;
};

/** Options with their defaults filled in. */
type Resolved<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** Attempts that may be open for each that may be at work. */
const openPerRunning = 4;

const optionNames: OptionNames<EmbeddedOptions> = {
  path: 1,
  retry: 1,
  retentionMs: 1,
  maxRunning: 1,
  maxQueued: 1,
  maxQueuedBytes: 1,
  maxStoreBytes: 1,
  maxRunningBytes: 1,
  maxAwakeables: 1,
  maxAwakeableBytes: 1,
  maxDelayMs: 1,
  maxRetentionMs: 1,
  redactedHeaders: 1,
  onFatal: 1,
  logger: 1,
};

const retryNames: OptionNames<RetryPolicy> = {
  initialIntervalMs: 1,
  factor: 1,
  maxIntervalMs: 1,
  maxAttempts: 1,
};

const defaultRedactedHeaders = ["authorization", "cookie", "proxy-authorization", "x-api-key"];

/**
 * Fills in the defaults.
 *
 * @throws Error that names an option that does not exist, or is out of range.
 */
export function resolveOptions({ retry = {}, ...options }: EmbeddedOptions): ResolvedOptions {
  refuseUnknownOptions("embedded", options, optionNames, nameHint);
  refuseUnknownOptions("retry of embedded", retry, retryNames, nameHint);
  const { maxRunning = 1_000, maxRunningBytes = 128 * 2 ** 20 } = options;
  const resolved: ResolvedOptions = {
    path: options.path,
    retentionMs: Math.min(Math.round(options.retentionMs ?? 24 * 60 * 60 * 1_000), endOfTime),
    maxRunning,
    maxOpen: maxRunning * openPerRunning,
    maxRunningBytes,
    maxOpenBytes: maxRunningBytes * openPerRunning,
    maxAwakeables: options.maxAwakeables ?? 10_000,
    maxAwakeableBytes: options.maxAwakeableBytes ?? 64 * 2 ** 20,
    maxDelayMs: options.maxDelayMs ?? Number.POSITIVE_INFINITY,
    maxRetentionMs: options.maxRetentionMs ?? Number.POSITIVE_INFINITY,
    redactedHeaders: new Set(
      (options.redactedHeaders ?? defaultRedactedHeaders).map((name) => name.toLowerCase()),
    ),
    onFatal: options.onFatal ?? (() => undefined),
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
    maxAwakeables: resolved.maxAwakeables,
    maxAwakeableBytes: resolved.maxAwakeableBytes,
    maxDelayMs: resolved.maxDelayMs,
    maxRetentionMs: resolved.maxRetentionMs,
  });
  requireAtLeast(1, {
    maxRunning: resolved.maxRunning,
    maxRunningBytes: resolved.maxRunningBytes,
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
