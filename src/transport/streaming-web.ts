import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { explainResponse } from "../http/explain-response.ts";
import { connectEsOptions } from "./streaming.ts";
import type { WebTransportOptions } from "./web-options.ts";

/** Connect-ES's transport for the same server. */
export async function connectEsTransport(
  protocol: "connect" | "grpc-web",
  options: WebTransportOptions,
): Promise<Transport> {
  const create = protocol === "grpc-web" ? createGrpcWebTransport : createConnectTransport;
  return create({ ...(await connectEsOptions(options)), fetch: withManualRedirects(options.fetch) });
}

/**
 * Connect-ES asks for `redirect: "error"`, which Cloudflare's workerd does not implement: no stream would be sent
 * there. With `manual` a redirect comes as a response, and is refused here.
 */
function withManualRedirects(fetch?: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await (fetch ?? globalThis.fetch)(input, { ...init, redirect: "manual" });
    if (response.status === 0 || (response.status >= 300 && response.status < 400)) {
      throw explainResponse(String(input), undefined, { status: response.status, header: response.headers });
    }
    return response;
  };
}
