import type { Transport } from "@connectrpc/connect";
import { fetchClient } from "../http/fetch-client.ts";
import { checkedOptions } from "./options.ts";
import type { UnaryProtocol } from "./unary/protocol.ts";
import { unaryTransport } from "./unary/transport.ts";
import type { WebTransportOptions } from "./web-options.ts";
import type { TransportParts } from "./with-parts.ts";

/** The unary half of a transport over `fetch`. */
export function webUnary(
  options: WebTransportOptions,
  parts: TransportParts,
  protocol: UnaryProtocol,
  useHttpGet = false,
): Pick<Transport, "unary"> {
  const checked = checkedOptions(options);
  const http = fetchClient(checked.baseUrl, options.fetch);
  return unaryTransport({ ...checked, ...parts, protocol, useHttpGet }, http);
}
