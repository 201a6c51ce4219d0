import type { Interceptor, Transport } from "@connectrpc/connect";
import { fetchClient } from "../http/fetch-client.ts";
import { checkedOptions } from "./options.ts";
import { restateTransport } from "./restate/transport.ts";
import type { WebTransportOptions } from "./web-options.ts";

/** A transport for Restate's HTTP ingress over `fetch`. */
export function restateOverFetch(
  options: WebTransportOptions,
  interceptors: readonly Interceptor[],
): Transport {
  const checked = checkedOptions(options);
  const http = fetchClient(checked.baseUrl, options.fetch);
  return restateTransport({ ...checked, registry: options.registry, interceptors }, http);
}
