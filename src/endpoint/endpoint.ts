import { createServer, type Http2Session } from "node:http2";
import { createEndpointHandler } from "@restatedev/restate-sdk";
import { startTimer } from "../http/timer.ts";
import { nameHint } from "../model/closest.ts";
import { type OptionNames, refuseUnknownOptions } from "../model/known-options.ts";
import { nodeProblem } from "../model/node-version.ts";
import type { Tracing } from "../model/tracing.ts";
import type { Service } from "../service/service.ts";
import { serviceDefinition } from "./definition.ts";

/** Options of {@link createEndpoint}. */
export interface EndpointOptions {
  /** The services to serve: the same `service(Descriptor, handlers)` objects that an ingress takes. */
  readonly services: readonly Service[];
  /**
   * Public keys (`publickeyv1_…`) of the Restate servers that may call; other requests are refused. By default
   * every client that can reach the port may run every handler.
   */
  readonly identityKeys?: readonly string[] | undefined;
  /**
   * Makes a span of each attempt: `serverTracing()` of `restate-connect/opentelemetry`. Handlers then pass on the trace
   * context of their invocation with their calls, which Restate compares between attempts: register a new deployment
   * when you turn it on or off. Default: no spans.
   */
  readonly tracing?: Tracing | undefined;
}

const optionNames: OptionNames<EndpointOptions> = { services: 1, identityKeys: 1, tracing: 1 };

/** Options of {@link Endpoint.listen}. */
export interface ListenOptions {
  /** Port. 0 takes any free port. Default: 9080, the port that Restate's SDKs use. */
  readonly port?: number | undefined;
  /** Address to listen on. Default: 127.0.0.1, so that only this machine can connect. */
  readonly host?: string | undefined;
}

/** Serves handlers to a Restate server, which calls them over HTTP/2. */
export interface Endpoint {
  /** Starts the server. Resolves with the URL to register with Restate. */
  listen(options?: ListenOptions): Promise<{ readonly url: string }>;
  /**
   * Stops accepting work and waits for running attempts for at most `drainMs` (ms, default 5000). Restate
   * retries the attempts that were cut off when it reaches the service again.
   */
  close(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}

/**
 * Creates an endpoint for a Restate 1.x server. Register its URL when it listens: `restate-connect register`.
 *
 * ```ts
 * const endpoint = createEndpoint({ services: [service(Greeter, { greet })] });
 * const { url } = await endpoint.listen({ port: 9080 });
 * ```
 *
 * @throws Error on a Node older than 22, where Restate's SDK would accept invocations and never complete them.
 */
export function createEndpoint(options: EndpointOptions): Endpoint {
  refuseUnknownOptions("createEndpoint", options, optionNames, nameHint);
  refuseOldNode();
  const { services, identityKeys, tracing } = options;
  const handler = createEndpointHandler({
    services: services.map((service) => serviceDefinition(service, { tracing })),
    ...(identityKeys === undefined ? {} : { identityKeys: [...identityKeys] }),
  });
  const server = createServer(handler);
  const sessions = new Set<Http2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  return {
    listen({ port = 9080, host = "127.0.0.1" } = {}) {
      return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          const address = server.address();
          const bound = typeof address === "object" && address !== null ? address.port : port;
          resolve({ url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}` });
        });
      });
    },
    async close({ drainMs = 5_000 } = {}) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) {
        session.close();
      }
      const timer = startTimer(drainMs, () => {
        for (const session of sessions) {
          session.destroy();
        }
      });
      await closed;
      clearTimeout(timer);
    },
  };
}

/** On an older Node, Restate's SDK would register, accept invocations and never complete them. */
function refuseOldNode(): void {
  const problem = nodeProblem("createEndpoint()");
  if (problem !== undefined) {
    throw new Error(problem);
  }
}
