import type { Operations } from "../engine/engine.ts";
import type { Logger } from "../model/logger.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Cors } from "./http/cors.ts";
import type { HttpRequest, HttpResponse } from "./http/exchange.ts";
import { Watchdog } from "./http/watchdog.ts";
import type { Limits } from "./limits.ts";
import type { RequestMemory } from "./memory.ts";
import type { FindRoute } from "./routes.ts";

export interface ServerOptions {
  readonly find: FindRoute;
  readonly logger: Logger;
  /** In whose name requests are answered. */
  readonly operations: Operations;
  readonly limits: Limits;
  /** Counts what a new request holds in memory. */
  readonly newMemory: () => RequestMemory;
  /** Without it, no page of another origin may call. */
  readonly cors?: Cors | undefined;
  /** Without it, anybody may call. */
  readonly authenticate?: Authenticate | undefined;
  /** Answers requests that are not RPCs; undefined for unknown paths. */
  readonly rest?: ((request: HttpRequest) => Promise<HttpResponse | undefined>) | undefined;
}

/** What the requests of a port share. */
export interface Server extends ServerOptions {
  /** Watches the requests in flight. */
  readonly watchdog: Watchdog;
  /** How many streams of health and reflection there may be: they may last for ever, and take no one else's place. */
  readonly maxStreams: number;
  /** How many there are. */
  streams: number;
}

export function createServer(options: ServerOptions): Server {
  const { requestTimeoutMs, responseTimeoutMs, maxConcurrentRequests } = options.limits;
  return {
    ...options,
    watchdog: new Watchdog(Math.min(requestTimeoutMs, responseTimeoutMs)),
    maxStreams: Math.ceil(maxConcurrentRequests / 10),
    streams: 0,
  };
}
