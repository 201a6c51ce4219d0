import type { Logger } from "../../model/logger.ts";

/** Options of {@link embedded}. Only `path` is required. */
export interface EmbeddedOptions {
  /** Data directory, for example `./restate-data`. Created if it is missing. Only one engine at a time can use it. */
  readonly path: string;
  /** How attempts that fail with an error other than a `ConnectError` are retried. */
  readonly retry?: RetryPolicy | undefined;
  /**
   * Time in ms that the outcome of a durable invocation is kept after its end; `Infinity` keeps it for ever.
   * Default: 24 hours.
   */
  readonly retentionMs?: number | undefined;
  /**
   * Handlers at work at once. Default: 1,000. A handler that waits for a call, an `attach` or an awakeable does not
   * count: it may be waiting for an invocation that has yet to start. No more than four times as many durable
   * invocations are begun at once: beyond that, the longest-waiting ones make room. Their signals abort, and they run
   * again from the start when something that they wait for is there.
   */
  readonly maxRunning?: number | undefined;
  /**
   * Plain calls that may wait in memory for a handler's permit or the lock of their key, and requests to the store that
   * may be unanswered. Beyond it `resource_exhausted`. Default: 10,000.
   */
  readonly maxQueued?: number | undefined;
  /** The same in bytes of their payloads: a payload of any size is taken, more only within this. Default: 256 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /**
   * The size of the store beyond which no invocation is accepted, bytes: `resource_exhausted`. Values of awakeables are
   * accepted up to an eighth more, so that the invocations that wait for them can complete. Default: 8 GiB.
   */
  readonly maxStoreBytes?: number | undefined;
  /**
   * The requests of handlers at work, bytes: a request of any size is handed out, more only within this. Handlers that
   * wait may hold four times as much before the longest-waiting ones make room. Default: 128 MiB.
   */
  readonly maxRunningBytes?: number | undefined;
  /** Completed awakeables of one invocation. Beyond it `resource_exhausted`. Default: 10,000. */
  readonly maxAwakeables?: number | undefined;
  /** The same in bytes of their values. Default: 64 MiB. */
  readonly maxAwakeableBytes?: number | undefined;
  /** The longest delay of a send, ms. Beyond it `invalid_argument`. Default: without limit. */
  readonly maxDelayMs?: number | undefined;
  /** The longest retention that a caller may ask for, ms. Beyond it `invalid_argument`. Default: without limit. */
  readonly maxRetentionMs?: number | undefined;
  /**
   * Names of headers that durable invocations do not keep, lower case: their values would stay readable on disk.
   * `[]` keeps all. Default: `authorization`, `cookie`, `proxy-authorization`, `x-api-key`.
   */
  readonly redactedHeaders?: readonly string[] | undefined;
  /**
   * Called once if the store fails, for example because of a failed flush: what the disk holds is unknown then, and
   * the engine rejects everything with `unavailable`. End the process: the next start recovers. Default: nothing more
   * than an entry in the log.
   */
  readonly onFatal?: ((error: Error) => void) | undefined;
  /** Receives failed attempts and failures of the store. Default: readable lines on standard error. */
  readonly logger?: Logger | undefined;
}

/** Exponential backoff. Each wait is drawn from the upper half of its interval, so that retries spread out. */
export interface RetryPolicy {
  /** Interval before the second attempt, in ms. Default: 50. */
  readonly initialIntervalMs?: number | undefined;
  /** Each interval is this many times the previous interval. Default: 2. */
  readonly factor?: number | undefined;
  /** Longest interval, in ms; `Infinity` for no limit. Default: 10,000. */
  readonly maxIntervalMs?: number | undefined;
  /**
   * Attempts until the invocation fails with `internal`. Default: without limit. An attempt cut off by a crash is not
   * counted.
   */
  readonly maxAttempts?: number | undefined;
}
