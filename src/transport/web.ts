import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { explainingFetch } from "./fetch-client.ts";
import { longDeadlines } from "./long-deadlines.ts";
import {
  type CommonTransportOptions,
  checkedBaseUrl,
  checkedFormat,
  interceptorsOf,
  unknownProtocol,
} from "./options.ts";
import { fetchClient } from "./restate/fetch-client.ts";
import { createRestateTransport } from "./restate/transport.ts";

/** Options of {@link createTransport}. */
export interface WebTransportOptions extends CommonTransportOptions {
  /**
   * How calls travel. Default: `connect`. gRPC needs HTTP trailers, which `fetch` does not show: use
   * `grpc-web` in a browser, or `restate-connect/node` in Node. `restate` speaks the HTTP ingress of a
   * Restate 1.x server itself, without an ingress of ours in between.
   */
  readonly protocol?: "connect" | "grpc-web" | "restate" | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Makes a Connect transport over `fetch`, for browsers, edge runtimes, Deno and Bun.
 *
 * ```ts
 * const transport = createTransport({ baseUrl: "http://localhost:8080" });
 * ```
 *
 * @throws Error when baseUrl, protocol or format cannot be used.
 */
export function createTransport(options: WebTransportOptions): Transport {
  const { protocol = "connect", registry, defaultTimeoutMs } = options;
  const baseUrl = checkedBaseUrl(options.baseUrl);
  const format = checkedFormat(options.format);
  const common = {
    baseUrl,
    useBinaryFormat: format === "binary",
    fetch: explainingFetch(options.fetch ?? globalThis.fetch),
    interceptors: interceptorsOf(options),
    ...(registry === undefined ? {} : { jsonOptions: { registry } }),
  };
  switch (protocol) {
    case "connect":
      return longDeadlines(
        createConnectTransport({ ...common, useHttpGet: options.useHttpGet ?? false }),
        protocol,
        defaultTimeoutMs,
      );
    case "grpc-web":
      return longDeadlines(createGrpcWebTransport(common), protocol, defaultTimeoutMs);
    case "restate":
      return createRestateTransport(
        { ...common, format, registry, defaultTimeoutMs },
        fetchClient(baseUrl, options.fetch ?? globalThis.fetch),
      );
    default:
      throw unknownProtocol(
        protocol,
        ["connect", "grpc-web", "restate"],
        protocol === "grpc"
          ? " (fetch cannot read the trailers that gRPC needs; in Node import restate-connect/node)"
          : "",
      );
  }
}
