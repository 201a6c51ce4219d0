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
   * Number of handlers that run at the same time. Default: 1,000. A handler that waits for a call, an `attach` or an
   * awakeable does not count: it may be waiting for an invocation that has not started.
   *
   * At most four times as many durable invocations are started at a time. Beyond that, the handler that has waited
   * longest is stopped: its signal aborts, and it runs again from the start when what it waits for is there.
   */
  readonly maxRunning?: number | undefined;
  /**
   * Number of plain calls that wait in memory, for a place or for the lock of their key, and of requests to the store
   * without a response. Above it, requests fail with `resource_exhausted`. Default: 10,000.
   */
  readonly maxQueued?: number | undefined;
  /** The same, in bytes of their payloads. A single payload can be larger. Default: 256 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /**
   * Size of the store in bytes. Above it, invocations are refused with `resource_exhausted`. Values of awakeables are
   * accepted up to an eighth more, so that the invocations that wait for them can complete. Default: 8 GiB.
   */
  readonly maxStoreBytes?: number | undefined;
  /**
   * Size in bytes of the requests of all handlers that run. A single request can be larger. Handlers that wait may hold
   * four times as much before the one that has waited longest is stopped. Default: 128 MiB.
   */
  readonly maxRunningBytes?: number | undefined;
  /** Number of completed awakeables of one invocation. Above it `resource_exhausted`. Default: 10,000. */
  readonly maxAwakeables?: number | undefined;
  /** The same, in bytes of their values. Default: 64 MiB. */
  readonly maxAwakeableBytes?: number | undefined;
  /** Longest delay of a send, in ms. Above it `invalid_argument`. Default: no limit. */
  readonly maxDelayMs?: number | undefined;
  /** Longest retention that a caller may ask for, in ms. Above it `invalid_argument`. Default: no limit. */
  readonly maxRetentionMs?: number | undefined;
  /**
   * Names of headers, in lower case, that durable invocations do not keep, so that their values are not on disk.
   * `[]` keeps all. Default: `authorization`, `cookie`, `proxy-authorization`, `x-api-key`.
   */
  readonly redactedHeaders?: readonly string[] | undefined;
  /**
   * Called once if the store fails, for example because of a failed flush. The content of the disk is then unknown, and
   * the engine rejects everything with `unavailable`. End the process: the next start recovers. Default: the failure is
   * only logged.
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
   * Number of failed attempts after which the invocation fails with `internal`. Default: no limit. An attempt that a
   * crash cut off does not count.
   */
  readonly maxAttempts?: number | undefined;
}
