import type { Interceptor, Transport } from "@connectrpc/connect";
import type { EmbeddedOptions } from "../engine/embedded/options.ts";
import type { Authenticate } from "../ingress/authenticate.ts";
import type { LimitOptions } from "../ingress/limits.ts";
import type { Logger } from "../model/logger.ts";
import type { Service } from "../service/service.ts";
import type { Duration } from "./duration.ts";
import type { Sends } from "./record.ts";

/** Options of `createTestEnvironment`: those of `createIngress` that matter without a socket. Only `services` is required. */
export interface TestEnvironmentOptions {
  /** What to serve: `service(Descriptor, handlers)` for each. */
  readonly services: readonly Service[];
  /** The options of `embedded()`. Default: its defaults. */
  readonly embedded?: Omit<EmbeddedOptions, "path" | "onFatal" | "logger"> | undefined;
  /** The time at the start. Default: the time of the machine, from where it moves only when it is told. */
  readonly now?: Date | undefined;
  /** Decides who may call what, as for `createIngress`. Default: anybody may call everything. */
  readonly authenticate?: Authenticate | undefined;
  /** Connect's interceptors, as for `createIngress`. Default: none. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** Let callers cancel invocations, as for `createIngress`. Default: `false`. */
  readonly allowCancel?: boolean | undefined;
  /** What the ingress takes before it refuses. */
  readonly limits?: LimitOptions | undefined;
  /** Receives failed attempts and internal errors. Default: readable lines on standard error. */
  readonly logger?: Logger | undefined;
}

/** Services in memory, with a clock of their own. Created by `createTestEnvironment`. */
export interface TestEnvironment extends AsyncDisposable {
  /** For the generated clients: `createGreeterClient(env.transport)`. */
  readonly transport: Transport;
  /** For clients that take a `fetch`: JSON clients, and `createTransport`. Any `baseUrl` leads to the services. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * The one-way invocations that were accepted, from callers and from handlers, the oldest first:
   * `env.sends(Greeter.method.greet)`. One that was sent again, with its idempotency key or by a retried handler, is
   * there once.
   */
  readonly sends: Sends;
  /** The time of the environment: that of delays, retries and retention. `Date.now()` is not changed. */
  now(): Date;
  /**
   * Lets time pass, ms or a sum: `{ days: 30 }`. All that is due on the way runs at its time and in that order, and
   * is done, as by {@link TestEnvironment.idle}, when this resolves.
   *
   * @throws RangeError if the duration is negative or not finite
   */
  advance(duration: number | Duration): Promise<void>;
  /**
   * Lets time pass until the next delayed send or retry is due, and runs it. False if none is waiting: then no time
   * passes.
   */
  advanceToNext(): Promise<boolean>;
  /**
   * Resolves when nothing more happens unless time passes or somebody calls: handlers have ended, or wait for a call,
   * an `attach` or an awakeable. A handler that waits for anything else is at work.
   */
  idle(): Promise<void>;
  /** Ends all: handlers see their signals abort, and callers get `unavailable`. */
  close(): Promise<void>;
}
