import { nameHint } from "../model/closest.ts";
import { refuseUnknownOptions } from "../model/known-options.ts";

/** What the ingress takes before it refuses. Bytes are of one message or one request; times are in ms. */
export interface Limits {
  /**
   * Size of a request message, uncompressed. Beyond it `resource_exhausted`. Default 32 MiB: what a
   * Restate 1.x server takes, so that no message is fit for one engine and not for the other.
   */
  readonly maxMessageBytes: number;
  /**
   * About what the parts of a request message may take in memory once it is decoded, besides its text: two
   * bytes can be a message of their own, and take its time to decode too. Beyond it `resource_exhausted`.
   * Default 32 MiB.
   */
  readonly maxDecodedBytes: number;
  /**
   * What all requests and answers in flight may take in memory: bodies as they arrive, decompressed and
   * decoded. Beyond it `resource_exhausted`, with `retry-after`, to requests that take more than 16 KiB.
   * Default 256 MiB.
   */
  readonly maxBufferedBytes: number;
  /** Size of a request's headers. Beyond it HTTP 431. Default 32 KiB. */
  readonly maxHeaderBytes: number;
  /** Number of a request's headers. Beyond it HTTP 431, or a reset HTTP/2 stream where they are many more. Default 100. */
  readonly maxHeaders: number;
  /**
   * Requests being answered at once, those that wait for an outcome included. Beyond it `resource_exhausted`. At most
   * a tenth of them may be streams of health and reflection. Default 10,000.
   */
  readonly maxConcurrentRequests: number;
  /** Requests at once on one HTTP/2 connection. A client keeps further ones back until some are answered. Default 250. */
  readonly maxConcurrentStreams: number;
  /** Open connections. Beyond it a new one is closed at once. Default 10,000. */
  readonly maxConnections: number;
  /** Time for a client to say which HTTP it speaks and to send the headers of a request. Default 10 s. */
  readonly headersTimeoutMs: number;
  /** Time for a client to send a whole request, body included. Default 60 s. */
  readonly requestTimeoutMs: number;
  /** Time for a client to read a whole answer. Then it is cut off. Default 60 s. */
  readonly responseTimeoutMs: number;
  /**
   * How long a connection may be idle between requests. Default 75 s: more than the 60 s after which
   * common load balancers close theirs, so that none sends a request into a closing connection.
   */
  readonly idleTimeoutMs: number;
  /** How long `close()` waits for requests in flight and for the handlers of one-way invocations. Default 30 s. */
  readonly drainTimeoutMs: number;
}

/** Limits to set. The others keep their defaults. */
export type LimitOptions = { readonly [K in keyof Limits]?: Limits[K] | undefined };

/** The limits of an ingress that is given none. */
export const defaultLimits: Limits = {
  maxMessageBytes: 32 * 1024 * 1024,
  maxDecodedBytes: 32 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  maxHeaderBytes: 32 * 1024,
  maxHeaders: 100,
  maxConcurrentRequests: 10_000,
  maxConcurrentStreams: 250,
  maxConnections: 10_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  responseTimeoutMs: 60_000,
  idleTimeoutMs: 75_000,
  drainTimeoutMs: 30_000,
};

/**
 * Fills in the defaults.
 *
 * @throws Error that names a limit which does not exist, or is not positive.
 */
export function resolveLimits(given: LimitOptions = {}): Limits {
  refuseUnknownOptions("limits of createIngress", given, defaultLimits, nameHint);
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const limits: Limits = { ...defaultLimits, ...Object.fromEntries(set) };
  for (const [name, value] of Object.entries(limits)) {
    if (!(value > 0)) {
      throw new RangeError(`limits.${name} of createIngress() is ${value}: it must be a positive number`);
    }
  }
  return limits;
}
