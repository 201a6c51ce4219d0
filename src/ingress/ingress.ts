import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import type { Attempt, Engine } from "../engine/engine.ts";
import { nameHint } from "../model/closest.ts";
import { type OptionNames, refuseUnknownOptions } from "../model/known-options.ts";
import { lineLogger } from "../model/line-logger.ts";
import type { Logger } from "../model/logger.ts";
import type { Tracing } from "../model/tracing.ts";
import { bindService } from "../service/bind.ts";
import type { Service } from "../service/service.ts";
import { adminHandler } from "./admin/admin-handler.ts";
import { startingHandler } from "./admin/starting-handler.ts";
import type { Authenticate } from "./authenticate.ts";
import { checkServices } from "./check-services.ts";
import { type CorsOptions, cors } from "./http/cors.ts";
import { type Listener, listen } from "./http/listen.ts";
import { isLoopbackHost } from "./http/loopback.ts";
import type { TlsOptions } from "./http/tls-connections.ts";
import { type IngressRoutes, ingressRoutes, otherPortOfIngress } from "./ingress-routes.ts";
import { type LimitOptions, type Limits, resolveLimits } from "./limits.ts";
import { localTransport } from "./local-transport.ts";
import { type RequestMemory, serverMemory } from "./memory.ts";
import { RefusalLog } from "./refusal-log.ts";
import { requestHandler } from "./request-handler.ts";
import { routeTable } from "./routes.ts";
import type { ServerState } from "./server-state.ts";
import { type Statistics, startStatistics } from "./statistics/statistics.ts";
import { attemptTracing } from "./trace-attempts.ts";

/** Options of {@link createIngress}. */
export interface IngressOptions {
  /** What to serve: `service(Descriptor, handlers)` for each. Those of `remote` need the engine `restate`. */
  readonly services: readonly Service[];
  /** Runs the invocations. The ingress starts it, and closes it. */
  readonly engine: Engine;
  /** Which pages may call from a browser. Default: those on loopback. */
  readonly cors?: CorsOptions | undefined;
  /** Decides who may call what. Not asked on the admin port. Default: anybody may call everything. */
  readonly authenticate?: Authenticate | undefined;
  /**
   * Connect's interceptors, the first one outermost, for calls and one-way invocations of `services` that come by the
   * ingress port. A one-way invocation passes them as a request of its own method, with the decoded message, before
   * it is accepted: its response is empty. They run after `authenticate`. They do not run for calls between handlers,
   * nor for repeated attempts. Default: none.
   */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /**
   * Let callers of the ingress port cancel the invocations that they can name (`Invocations/Cancel`), as far as
   * `authenticate` lets them. Default: `false`: only handlers and the admin port cancel.
   */
  readonly allowCancel?: boolean | undefined;
  /** Serve the console, a web page, on the admin port. Default: `true`. */
  readonly console?: boolean | undefined;
  /**
   * The .proto files of the services with their comments, for the console and for reflection: a
   * `google.protobuf.FileDescriptorSet`, which `buf build --output image.binpb` writes. Default: they show no comments,
   * because generated code does not hold them.
   */
  readonly fileDescriptorSet?: Uint8Array | undefined;
  /** Serve both ports over TLS. Default: plain text. */
  readonly tls?: TlsOptions | undefined;
  /**
   * Makes spans of requests and of attempts: `serverTracing()` of `restate-connect/opentelemetry`. Handlers behind a
   * Restate server have theirs from `createEndpoint`. Default: no spans.
   */
  readonly tracing?: Tracing | undefined;
  /** Receives internal errors. Default: readable lines on standard error. The engine has its own. */
  readonly logger?: Logger | undefined;
  /** What the ingress takes before it refuses. */
  readonly limits?: LimitOptions | undefined;
}

const optionNames: OptionNames<IngressOptions> = {
  services: 1,
  engine: 1,
  cors: 1,
  authenticate: 1,
  interceptors: 1,
  allowCancel: 1,
  console: 1,
  fileDescriptorSet: 1,
  tls: 1,
  tracing: 1,
  logger: 1,
  limits: 1,
};

/** Where an ingress listens. */
export interface ListenAddress {
  /** Default 8080. 0: any free one. */
  readonly port?: number | undefined;
  /** Default 9070. 0: any free one. */
  readonly adminPort?: number | undefined;
  /** Default 127.0.0.1: this machine only. */
  readonly host?: string | undefined;
  /** Default: 127.0.0.1, regardless of `host`, because every client of the admin port may cancel everything. */
  readonly adminHost?: string | undefined;
}

/** A server that {@link createIngress} made. */
export interface Ingress {
  /**
   * Opens the admin port, starts the engine and opens the ingress port. Rejects, with all closed again, when one of them
   * fails.
   */
  listen(address?: ListenAddress): Promise<{ readonly url: string; readonly adminUrl: string }>;
  /** Takes no more requests, lets those in flight finish, and closes the engine, then the admin port. */
  close(): Promise<void>;
}

/**
 * The reference ingress: Connect, gRPC and gRPC-web for these services, and what Restate has built in.
 *
 * ```ts
 * const ingress = createIngress({ services: [service(Greeter, { … })], engine: embedded({ path: "./data" }) });
 * const { url } = await ingress.listen({ port: 8080 });
 * ```
 *
 * @throws Error when two services have one name, when a name is reserved, when a KEYED service has a
 *   request without a key, when an option does not exist, or when a limit is not positive.
 */
export function createIngress({ services, engine, ...options }: IngressOptions): Ingress {
  refuseUnknownOptions("createIngress", options, optionNames, nameHint);
  const descriptors = services.map(({ desc }) => desc);
  checkServices(descriptors);
  const limits = resolveLimits(options.limits);
  const logger = options.logger ?? lineLogger();
  const closing = new AbortController();
  let state: ServerState = "starting";
  let main: Listener | undefined;
  let admin: AdminPort | undefined;
  let closed: Promise<void> | undefined;
  let statistics: Statistics | undefined;

  /** The admin port closes last: until then it says that the server is draining. */
  async function closeAll(): Promise<void> {
    const deadline = performance.now() + limits.drainTimeoutMs;
    const leftMs = (): number => Math.max(0, deadline - performance.now());
    state = "draining";
    closing.abort(new ConnectError("the server is closing", Code.Unavailable));
    await main?.close(limits.drainTimeoutMs);
    await engine.close({ drainMs: leftMs() });
    statistics?.stop();
    await admin?.close(leftMs());
  }
  function close(): Promise<void> {
    closed ??= closeAll();
    return closed;
  }

  return {
    async listen({ port = 8080, adminPort = 9070, host = "127.0.0.1", adminHost = "127.0.0.1" } = {}) {
      const routes = ingressRoutes(descriptors, closing.signal);
      const findForHandlers = routeTable(routes.forHandlers, otherPortOfIngress);
      const { trace, passOnOf } = attemptTracing(options.tracing);
      const transportOf = (attempt: Attempt) => localTransport(findForHandlers, attempt, passOnOf(attempt));
      statistics = startStatistics(() => engine.count());
      const server: IngressServer = {
        options,
        engine,
        descriptors,
        limits,
        logger,
        statistics,
        newMemory: serverMemory(limits),
        state: () => state,
        closing: closing.signal,
      };
      try {
        admin = await openAdminPort(server, { host: adminHost, port: adminPort });
        await engine.start(services.map((one) => trace(bindService(one, transportOf))));
        main = await openPort(server, routes, { host, port });
        closing.signal.throwIfAborted();
        admin.serve(main.url);
        state = "serving";
        return { url: main.url, adminUrl: admin.url };
      } catch (reason) {
        await close();
        // What was opened after somebody else had closed all.
        await Promise.all([main?.close(0), admin?.close(0)]);
        throw reason;
      }
    },
    close,
  };
}

/** What the two ports of an ingress share. */
interface IngressServer {
  readonly options: Omit<IngressOptions, "services" | "engine">;
  readonly engine: Engine;
  readonly descriptors: readonly DescService[];
  readonly limits: Limits;
  readonly logger: Logger;
  readonly statistics: Statistics;
  readonly newMemory: () => RequestMemory;
  readonly state: () => ServerState;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

interface PortAddress {
  readonly host: string;
  readonly port: number;
}

/** Opens the port that callers use. */
function openPort(server: IngressServer, routes: IngressRoutes, address: PortAddress): Promise<Listener> {
  const { options, engine, limits, logger, statistics, newMemory } = server;
  const network = routes.forNetwork({
    limits,
    allowCancel: options.allowCancel ?? false,
    fileDescriptorSet: options.fileDescriptorSet,
    interceptors: options.interceptors ?? [],
  });
  const handle = requestHandler({
    find: routeTable(network, otherPortOfIngress),
    operations: engine,
    limits,
    newMemory,
    logger,
    statistics,
    cors: cors(options.cors ?? { origins: [] }, logger),
    authenticate: options.authenticate,
    tracing: options.tracing,
  });
  const dropped = new RefusalLog(logger);
  const onDrop = (): void => {
    statistics.refuse("too_many_connections");
    dropped.add("too_many_connections", () => ({}));
  };
  return listen(handle, { ...address, tls: options.tls, onDrop }, limits);
}

/** The port of the admin API and the console. */
interface AdminPort extends Listener {
  /** Serves everything. Until then, the port says that the server is starting. */
  serve(ingressUrl: string): void;
}

async function openAdminPort(server: IngressServer, address: PortAddress): Promise<AdminPort> {
  const { options, engine, descriptors, limits, logger, statistics, newMemory, state, closing } = server;
  const isLoopback = isLoopbackHost(address.host);
  const common = { engine, state, limits, newMemory, logger, isLoopback };
  let handle = startingHandler(common);
  const listener = await listen((exchange) => handle(exchange), { ...address, tls: options.tls }, limits);
  return {
    ...listener,
    serve(ingressUrl) {
      handle = adminHandler({
        ...common,
        services: descriptors,
        ingressUrl,
        authenticates: options.authenticate !== undefined,
        hasConsole: options.console ?? true,
        fileDescriptorSet: options.fileDescriptorSet,
        statistics,
        closing,
      });
    },
  };
}
