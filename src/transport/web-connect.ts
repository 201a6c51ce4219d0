/**
 * The Connect transport of `restate-connect/web` alone, for smaller pages.
 *
 * @module
 */

import type { Transport } from "@connectrpc/connect";
import { connectProtocol } from "./unary/connect.ts";
import { namedTransport } from "./web-named.ts";
import type { NamedTransportOptions } from "./web-options.ts";

export type { NamedTransportOptions } from "./web-options.ts";

/**
 * Makes a transport for the Connect protocol over `fetch`, the smallest there is: Protobuf bytes, and no streams.
 *
 * @throws Error when baseUrl cannot be used, or an option does not exist.
 */
export function createConnectTransport(options: NamedTransportOptions): Transport {
  return namedTransport("createConnectTransport", options, connectProtocol("binary"), options.useHttpGet);
}
