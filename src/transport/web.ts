import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { explainingFetch } from "./fetch-client.ts";
import { type CommonTransportOptions, checkedBaseUrl, interceptorsOf, unknownProtocol } from "./options.ts";

/** Options of {@link createTransport}. */
export interface WebTransportOptions extends CommonTransportOptions {
  /**
   * How calls travel. Default: `connect`. gRPC needs HTTP trailers, which `fetch` does not show: use
   * `grpc-web` in a browser, or `restate-connect/node` in Node.
   */
  readonly protocol?: "connect" | "grpc-web";
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Makes a Connect transport over `fetch`, for browsers, edge runtimes, Deno and Bun.
 *
 * ```ts
 * const transport = createTransport({ baseUrl: "http://localhost:8080" });
 * ```
 *
 * @throws Error when baseUrl or protocol cannot be used.
 */
export function createTransport(options: WebTransportOptions): Transport {
  const { protocol = "connect", format = "binary", defaultTimeoutMs } = options;
  const common = {
    baseUrl: checkedBaseUrl(options.baseUrl),
    useBinaryFormat: format === "binary",
    fetch: explainingFetch(options.fetch ?? globalThis.fetch),
    interceptors: interceptorsOf(options),
    ...(defaultTimeoutMs === undefined ? {} : { defaultTimeoutMs }),
  };
  switch (protocol) {
    case "connect":
      return createConnectTransport(common);
    case "grpc-web":
      return createGrpcWebTransport(common);
    default:
      throw unknownProtocol(
        protocol,
        ["connect", "grpc-web"],
        protocol === "grpc"
          ? " (fetch cannot read the trailers that gRPC needs; in Node import restate-connect/node)"
          : "",
      );
  }
}
