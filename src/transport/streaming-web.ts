import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { connectEsOptions } from "./streaming.ts";
import type { WebTransportOptions } from "./web-options.ts";

/** Connect-ES's transport for the same server. */
export function connectEsTransport(options: WebTransportOptions): Transport {
  const create = options.protocol === "grpc-web" ? createGrpcWebTransport : createConnectTransport;
  return create({
    ...connectEsOptions(options),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
}
