import type { Transport } from "@connectrpc/connect";
import { restatePings } from "../http/http2-options.ts";
import { type AdminApi, adminApi } from "../restate-api/admin-api.ts";
import { nodeHttpClient } from "./node-http-client.ts";
import type { NodeProtocolOptions } from "./node-options.ts";
import { checkedBaseUrl, checkedOptions } from "./options.ts";
import { restateTransport } from "./restate/transport.ts";
import { loadInterceptors } from "./with-interceptors.ts";

/** A transport for Restate's HTTP ingress, once everything that it needs is loaded. */
export async function nodeRestateTransport(options: NodeProtocolOptions): Promise<Transport> {
  const checked = checkedOptions(options);
  const http = await nodeHttpClient(checked.baseUrl, options, "when asked for", restatePings);
  const interceptors = await loadInterceptors(options);
  const { registry } = options;
  return restateTransport({ ...checked, interceptors, registry }, http, await adminOf(options));
}

async function adminOf(options: NodeProtocolOptions): Promise<AdminApi | undefined> {
  if (options.adminUrl === undefined) {
    return undefined;
  }
  const url = checkedBaseUrl(options.adminUrl, "adminUrl");
  return adminApi(await nodeHttpClient(url, options, "when asked for"));
}
