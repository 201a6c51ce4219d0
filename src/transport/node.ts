import type { Transport } from "@connectrpc/connect";
import { compressionBrotli, compressionGzip, type Http2SessionOptions } from "@connectrpc/connect-node";
import type { HttpClient } from "../http/http.ts";
import { http1Client } from "../http/http1-client.ts";
import { http2Client, restatePings } from "../http/http2-client.ts";
import { type AdminApi, adminApi } from "../restate-api/admin-api.ts";
import { cancelThrough } from "./cancel-through.ts";
import type { Http2Options, NodeTransportOptions } from "./node-options.ts";
import { checked, checkedBaseUrl, commonOf, refuseWithRestate, unknownProtocol } from "./options.ts";
import { createRestateTransport } from "./restate/transport.ts";
import { streamingHalf } from "./streaming.ts";
import { codecOf } from "./unary/codec.ts";
import { connectProtocol } from "./unary/connect.ts";
import { grpcProtocol } from "./unary/grpc.ts";
import { unaryTransport } from "./unary/transport.ts";

export type { Http1Options, Http2Options, NodeTransportOptions } from "./node-options.ts";

const compressions = { gzip: compressionGzip, br: compressionBrotli };

/**
 * Makes a Connect transport on Node's own HTTP.
 *
 * ```ts
 * const transport = createTransport({ baseUrl: "http://localhost:8080", protocol: "grpc" });
 * ```
 *
 * @throws Error when an option cannot be used.
 */
export function createTransport(options: NodeTransportOptions): Transport {
  const { protocol = "connect" } = options;
  checked("httpVersion", options.httpVersion ?? "1.1", ["1.1", "2"]);
  switch (protocol) {
    case "connect":
    case "grpc":
    case "grpc-web":
      return withAdmin(protocol, options);
    case "restate":
      return restateTransport(options);
    default:
      throw unknownProtocol(protocol, ["connect", "grpc", "grpc-web", "restate"], "");
  }
}

type RpcProtocol = "connect" | "grpc" | "grpc-web";

function withAdmin(protocol: RpcProtocol, options: NodeTransportOptions): Transport {
  const transport = rpcTransport(protocol, options);
  if (options.adminUrl === undefined) {
    return transport;
  }
  const baseUrl = checkedBaseUrl(options.adminUrl, "adminUrl");
  return cancelThrough(rpcTransport(protocol, { ...options, baseUrl }), transport);
}

function rpcTransport(protocol: RpcProtocol, options: NodeTransportOptions): Transport {
  const { baseUrl, format } = commonOf(options);
  const { sendCompression: encoding, compressMinBytes: minBytes = 1024, readMaxBytes = 0xffffffff } = options;
  const compression = {
    accepted: [compressionGzip, compressionBrotli],
    send: encoding && compressions[checked("sendCompression", encoding, ["gzip", "br"])],
    minBytes,
    maxBytes: readMaxBytes,
  };
  const unary = {
    ...commonOf(options),
    codec: codecOf(format, options.registry),
    protocol:
      protocol === "connect"
        ? connectProtocol(format, compression)
        : grpcProtocol(protocol, format, compression),
    header: { "user-agent": "restate-connect" },
    readMaxBytes,
    useHttpGet: protocol === "connect" && options.useHttpGet === true,
  };
  return {
    ...unaryTransport(unary, httpClient(baseUrl, options)),
    ...streamingHalf(async () => (await import("./streaming-node.ts")).connectEsTransport(protocol, options)),
  };
}

function restateTransport(options: NodeTransportOptions): Transport {
  const { sendCompression, compressMinBytes, readMaxBytes, registry } = options;
  refuseWithRestate({ sendCompression, compressMinBytes, readMaxBytes });
  const common = commonOf(options);
  return createRestateTransport(
    { ...common, registry },
    httpClient(common.baseUrl, options, restatePings),
    adminOf(options),
  );
}

function adminOf(options: NodeTransportOptions): AdminApi | undefined {
  if (options.adminUrl === undefined) {
    return undefined;
  }
  const url = checkedBaseUrl(options.adminUrl, "adminUrl");
  return adminApi(httpClient(url, options));
}

function httpClient(
  baseUrl: string,
  options: NodeTransportOptions,
  pings: Http2SessionOptions = {},
): HttpClient {
  if (options.httpVersion === "2" || (options.protocol === "grpc" && options.httpVersion === undefined)) {
    const { session, nodeOptions } = options as Partial<Http2Options>;
    return http2Client(baseUrl, { ...pings, ...session }, nodeOptions);
  }
  if (options.protocol === "grpc") {
    throw new Error(
      'createTransport: protocol "grpc" runs on HTTP/2 only: leave httpVersion out, or set it to "2"',
    );
  }
  return http1Client(baseUrl, options.nodeOptions);
}
