import type { Transport } from "@connectrpc/connect";
import { fetchClient } from "../http/fetch-client.ts";
import { commonOf, unknownProtocol } from "./options.ts";
import { createRestateTransport } from "./restate/transport.ts";
import { streamingHalf } from "./streaming.ts";
import { codecOf } from "./unary/codec.ts";
import { noCompression } from "./unary/compression.ts";
import { connectProtocol } from "./unary/connect.ts";
import { grpcProtocol } from "./unary/grpc.ts";
import { unaryTransport } from "./unary/transport.ts";
import type { WebTransportOptions } from "./web-options.ts";

export type { WebTransportOptions } from "./web-options.ts";

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
  const { protocol = "connect", registry } = options;
  const common = commonOf(options);
  const http = fetchClient(common.baseUrl, options.fetch);
  switch (protocol) {
    case "connect":
    case "grpc-web": {
      const unary = {
        ...common,
        codec: codecOf(common.format, registry),
        protocol:
          protocol === "connect"
            ? connectProtocol(common.format, noCompression)
            : grpcProtocol(protocol, common.format, noCompression),
        useHttpGet: protocol === "connect" && options.useHttpGet === true,
      };
      return {
        ...unaryTransport(unary, http),
        ...streamingHalf(async () => (await import("./streaming-web.ts")).connectEsTransport(options)),
      };
    }
    case "restate":
      return createRestateTransport({ ...common, registry }, http);
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
