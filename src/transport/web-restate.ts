import type { Transport } from "@connectrpc/connect";
import { lazyTransport } from "./lazy-transport.ts";
import { checkedOptions } from "./options.ts";
import { restateOverFetch } from "./restate-over-fetch.ts";
import type { WebTransportOptions } from "./web-options.ts";
import { loadInterceptors } from "./with-interceptors.ts";

/**
 * Makes a transport for the HTTP ingress of a Restate 1.x server over `fetch`.
 *
 * @throws Error when baseUrl or format cannot be used.
 */
export function createRestateTransport(options: Omit<WebTransportOptions, "protocol">): Transport {
  checkedOptions(options);
  const { interceptors = [], retry = false } = options;
  return retry === false
    ? restateOverFetch(options, interceptors)
    : lazyTransport(async () => restateOverFetch(options, await loadInterceptors(options)));
}
