/**
 * Transports on `fetch`, for browsers, edge runtimes, Deno and Bun.
 *
 * @module
 */

import type { Transport } from "@connectrpc/connect";
import { refuseUnknownOptions } from "../model/known-options.ts";
import { lazyTransport } from "./lazy-transport.ts";
import { checkedOptions, unknownProtocol } from "./options.ts";
import { streamingHalf } from "./streaming.ts";
import { connectProtocol } from "./unary/connect.ts";
import type { UnaryProtocol } from "./unary/protocol.ts";
import { type WebTransportOptions, webOptionNames } from "./web-options.ts";
import { webUnary } from "./web-unary.ts";
import { loadInterceptors } from "./with-interceptors.ts";
import { withParts } from "./with-parts.ts";

export { createConnectTransport } from "./web-connect.ts";
export { createGrpcWebTransport } from "./web-grpc-web.ts";
export type { NamedTransportOptions, WebTransportOptions } from "./web-options.ts";
export { createRestateTransport } from "./web-restate.ts";

/**
 * Makes a Connect transport over `fetch`, for browsers, edge runtimes, Deno and Bun. What few pages need is loaded with
 * the first call that needs it: protocols other than `connect`, JSON, retries, streams. A page that knows what it needs
 * imports a protocol by name: `createConnectTransport`, `createGrpcWebTransport` or `createRestateTransport`.
 *
 * ```ts
 * const transport = createTransport({ baseUrl: "http://localhost:8080" });
 * ```
 *
 * @throws Error when baseUrl, protocol or format cannot be used, or an option does not exist.
 */
export function createTransport(options: WebTransportOptions): Transport {
  refuseUnknownOptions("createTransport", options, webOptionNames);
  const { protocol = "connect" } = options;
  const { format } = checkedOptions(options);
  switch (protocol) {
    case "connect":
      return fullTransport(protocol, options, connectProtocol(format));
    case "grpc-web":
      return lazyTransport(async () => {
        const { grpcProtocol } = await import("./unary/grpc.ts");
        return fullTransport(protocol, options, grpcProtocol(protocol, format));
      });
    case "restate":
      return lazyTransport(async () => {
        const { restateOverFetch } = await import("./restate-over-fetch.ts");
        return restateOverFetch(options, await loadInterceptors(options));
      });
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

/** A transport with JSON and streams, where they are asked for. */
function fullTransport(
  name: "connect" | "grpc-web",
  options: WebTransportOptions,
  protocol: UnaryProtocol,
): Transport {
  const useHttpGet = name === "connect" && options.useHttpGet === true;
  return withParts(options, (parts) => ({
    ...webUnary(options, parts, protocol, useHttpGet),
    ...streamingHalf(options, async () =>
      (await import("./streaming-web.ts")).connectEsTransport(name, options),
    ),
  }));
}
