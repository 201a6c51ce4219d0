import type { Transport } from "@connectrpc/connect";
import { refuseUnknownOptions } from "../model/known-options.ts";
import { lazyTransport } from "./lazy-transport.ts";
import { checkedOptions, commonOptionNames } from "./options.ts";
import { restateOverFetch } from "./restate-over-fetch.ts";
import type { WebTransportOptions } from "./web-options.ts";
import { loadInterceptors } from "./with-interceptors.ts";

/**
 * Makes a transport for the HTTP ingress of a Restate 1.x server over `fetch`.
 *
 * @throws Error when baseUrl or format cannot be used, or an option does not exist.
 */
export function createRestateTransport(options: Omit<WebTransportOptions, "protocol">): Transport {
  refuseUnknownOptions("createRestateTransport", options, { ...commonOptionNames, fetch: 1 });
  checkedOptions(options);
  const { interceptors = [], retry = false } = options;
  return retry === false
    ? restateOverFetch(options, interceptors)
    : lazyTransport(async () => restateOverFetch(options, await loadInterceptors(options)));
}
