/**
 * The gRPC-web transport of `restate-connect/web` alone, for smaller pages.
 *
 * @module
 */

import type { Transport } from "@connectrpc/connect";
import { grpcProtocol } from "./unary/grpc.ts";
import { namedTransport } from "./web-named.ts";
import type { NamedTransportOptions } from "./web-options.ts";

export type { NamedTransportOptions } from "./web-options.ts";

/**
 * Makes a transport for the gRPC-web protocol over `fetch`: Protobuf bytes, and no streams.
 *
 * @throws Error when baseUrl cannot be used, or an option does not exist.
 */
export function createGrpcWebTransport(options: NamedTransportOptions): Transport {
  return namedTransport("createGrpcWebTransport", options, grpcProtocol("grpc-web", "binary"));
}
