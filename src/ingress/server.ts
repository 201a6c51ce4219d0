import { Health } from "../../generated/grpc/health/v1/health_pb.ts";
import type { Operations } from "../engine/engine.ts";
import type { Logger } from "../model/logger.ts";
import type { Tracing } from "../model/tracing.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Cors } from "./http/cors.ts";
import type { HttpRequest, HttpResponse } from "./http/exchange.ts";
import { Watchdog } from "./http/watchdog.ts";
import type { Limits } from "./limits.ts";
import type { RequestMemory } from "./memory.ts";
import { RefusalLog } from "./refusal-log.ts";
import type { FindRoute } from "./routes.ts";
import type { Statistics } from "./statistics/statistics.ts";

export interface ServerOptions {
  readonly find: FindRoute;
  readonly logger: Logger;
  /** In whose name requests are answered. */
  readonly operations: Operations;
  readonly limits: Limits;
  /** Counts what a new request holds in memory. */
  readonly newMemory: () => RequestMemory;
  /** Counts what is answered and refused. Without it, nothing is counted. */
  readonly statistics?: Statistics | undefined;
  /** Without it, no page of another origin may call. */
  readonly cors?: Cors | undefined;
  /** Without it, anybody may call. */
  readonly authenticate?: Authenticate | undefined;
  /** Makes a span of each RPC. */
  readonly tracing?: Tracing | undefined;
  /** Answers requests that are not RPCs; undefined for unknown paths. */
  readonly rest?: ((request: HttpRequest) => Promise<HttpResponse | undefined>) | undefined;
}

/** What the requests of a port share. */
export interface Server extends ServerOptions {
  /** Watches the requests in flight. */
  readonly watchdog: Watchdog;
  /** Logs refused requests. */
  readonly refusals: RefusalLog;
  /** How many streams of health and reflection there may be: they may last for ever, and take no one else's place. */
  readonly maxStreams: number;
  /** How many there are. */
  streams: number;
  /** How many health checks are being answered. They have places of their own: a busy server is still there. */
  healthChecks: number;
}

/** Places for health checks, however busy the server is. */
const maxHealthChecks = 100;

/** Whether a request to this service gets no place. */
export function isBusy({ watchdog, limits, healthChecks }: Server, service: string | undefined): boolean {
  return (
    watchdog.size > limits.maxConcurrentRequests &&
    !(service === Health.typeName && healthChecks < maxHealthChecks)
  );
}

/** Whether few places are left, so that those who do not send what they began must leave earlier. */
export function isRunningOut({ watchdog, limits }: Server): boolean {
  return watchdog.size > limits.maxConcurrentRequests * 0.9;
}

export function createServer(options: ServerOptions): Server {
  const { requestTimeoutMs, responseTimeoutMs, maxConcurrentRequests } = options.limits;
  return {
    ...options,
    refusals: new RefusalLog(options.logger),
    watchdog: new Watchdog(Math.min(requestTimeoutMs, responseTimeoutMs)),
    maxStreams: Math.ceil(maxConcurrentRequests / 10),
    streams: 0,
    healthChecks: 0,
  };
}
