/**
 * Transports on Node's own HTTP/1.1 and HTTP/2.
 *
 * @module
 */

import type { Transport } from "@connectrpc/connect";
import { nameHint } from "../model/closest.ts";
import { refuseUnknownOptions } from "../model/known-options.ts";
import { lazyTransport } from "./lazy-transport.ts";
import {
  type Http1Options,
  type NodeProtocolOptions,
  type NodeTransportOptions,
  nodeOptionNames,
} from "./node-options.ts";
import { checked, checkedBaseUrl, checkedOptions, refuseWithRestate, unknownProtocol } from "./options.ts";

export type {
  Http1Options,
  Http2Options,
  NodeProtocolOptions,
  NodeTransportOptions,
} from "./node-options.ts";

/**
 * Makes a Connect transport on Node's own HTTP. What the options need is loaded in the background; the first call
 * waits for that.
 *
 * ```ts
 * const transport = createTransport({ baseUrl: "http://localhost:8080", protocol: "grpc" });
 * ```
 *
 * @throws Error when an option cannot be used or does not exist.
 */
export function createTransport(options: NodeTransportOptions): Transport {
  refuseUnknownOptions("createTransport", options, { ...nodeOptionNames, protocol: 1 }, nameHint);
  const { protocol = "connect" } = options;
  switch (protocol) {
    case "connect":
    case "grpc":
    case "grpc-web":
      return rpcTransport(protocol, options);
    case "restate":
      return restateTransport(options);
    default:
      throw unknownProtocol(protocol, ["connect", "grpc", "grpc-web", "restate"], "");
  }
}

/** Makes a transport for the Connect protocol. Throws as `createTransport` does. */
export function createConnectTransport(options: NodeProtocolOptions): Transport {
  refuseUnknownOptions("createConnectTransport", options, nodeOptionNames, nameHint);
  return rpcTransport("connect", options);
}

/** Makes a transport for gRPC, on HTTP/2. Throws as `createTransport` does. */
export function createGrpcTransport(options: NodeProtocolOptions): Transport {
  refuseUnknownOptions("createGrpcTransport", options, nodeOptionNames, nameHint);
  return rpcTransport("grpc", options);
}

/** Makes a transport for gRPC-web. Throws as `createTransport` does. */
export function createGrpcWebTransport(options: NodeProtocolOptions): Transport {
  refuseUnknownOptions("createGrpcWebTransport", options, nodeOptionNames, nameHint);
  return rpcTransport("grpc-web", options);
}

/** Makes a transport for the HTTP ingress of a Restate 1.x server. Throws as `createTransport` does. */
export function createRestateTransport(options: NodeProtocolOptions): Transport {
  refuseUnknownOptions("createRestateTransport", options, nodeOptionNames, nameHint);
  return restateTransport(options);
}

function rpcTransport(protocol: "connect" | "grpc" | "grpc-web", options: NodeProtocolOptions): Transport {
  if (protocol === "grpc" && (options as Http1Options).httpVersion === "1.1") {
    throw new Error(
      'createTransport: protocol "grpc" runs on HTTP/2 only: leave httpVersion out, or set it to "2"',
    );
  }
  checkNodeOptions(options);
  return preloaded(async () => (await import("./node-rpc.ts")).nodeRpcTransport(protocol, options));
}

function restateTransport(options: NodeProtocolOptions): Transport {
  const { sendCompression, compressMinBytes, readMaxBytes } = options;
  refuseWithRestate({ sendCompression, compressMinBytes, readMaxBytes });
  checkNodeOptions(options);
  return preloaded(async () => (await import("./node-restate.ts")).nodeRestateTransport(options));
}

function checkNodeOptions(options: NodeProtocolOptions): void {
  checkedOptions(options);
  checked("httpVersion", options.httpVersion ?? "1.1", ["1.1", "2"]);
  if (options.sendCompression !== undefined) {
    checked("sendCompression", options.sendCompression, ["gzip", "br"]);
  }
  if (options.adminUrl !== undefined) {
    checkedBaseUrl(options.adminUrl, "adminUrl");
  }
}

/** A lazy transport that begins to load: an application goes on starting meanwhile. A call that fails says why. */
function preloaded(load: () => Promise<Transport>): Transport {
  const loading = load();
  loading.catch(() => {});
  let first: Promise<Transport> | undefined = loading;
  return lazyTransport(async () => {
    const attempt = first ?? load();
    first = undefined;
    return await attempt;
  });
}
