import type { SecureClientSessionOptions } from "node:http2";
import type { RequestOptions } from "node:https";
import type { Transport } from "@connectrpc/connect";
import type {
  CommonTransportOptions as ConnectOptions,
  UniversalClientFn,
} from "@connectrpc/connect/protocol";
import { createTransport as connect } from "@connectrpc/connect/protocol-connect";
import { createTransport as grpc } from "@connectrpc/connect/protocol-grpc";
import { createTransport as grpcWeb } from "@connectrpc/connect/protocol-grpc-web";
import {
  compressionBrotli,
  compressionGzip,
  createNodeHttpClient,
  Http2SessionManager,
  type Http2SessionOptions,
} from "@connectrpc/connect-node";
import { explainingClient } from "./http-client.ts";
import { longDeadlines } from "./long-deadlines.ts";
import {
  type CommonTransportOptions,
  checked,
  checkedBaseUrl,
  checkedFormat,
  interceptorsOf,
  refuseWithRestate,
  unknownProtocol,
} from "./options.ts";
import { type AdminApi, adminApi } from "./restate/admin-api.ts";
import type { HttpClient } from "./restate/http.ts";
import { http1Client } from "./restate/http1-client.ts";
import { http2Client } from "./restate/http2-client.ts";
import { createRestateTransport } from "./restate/transport.ts";

/** Options of {@link createTransport}. */
export type NodeTransportOptions = CommonTransportOptions & {
  /**
   * How calls travel. Default: `connect`. gRPC runs on HTTP/2 only. `restate` speaks the HTTP ingress of a
   * Restate 1.x server itself, without an ingress of ours in between.
   */
  readonly protocol?: "connect" | "grpc" | "grpc-web" | "restate" | undefined;
  /**
   * For `protocol: "restate"`: where the server's admin API is, for example `http://localhost:9070`. Restate
   * cancels through it alone. Without it `Invocation.cancel()` rejects with `failed_precondition`.
   */
  readonly adminUrl?: string | undefined;
  /**
   * Compress requests, for slow networks. The server must know the encoding: Restate itself knows none.
   * Default: none.
   */
  readonly sendCompression?: "gzip" | "br" | undefined;
  /** Requests that are smaller are sent as they are, bytes. Default: 1024: small ones gain nothing. */
  readonly compressMinBytes?: number | undefined;
  /**
   * Size of a response message, uncompressed, bytes. Beyond it `resource_exhausted`. Not with protocol
   * `restate`. Default: 4 GiB.
   */
  readonly readMaxBytes?: number | undefined;
} & (Http1Options | Http2Options);

/** HTTP/1.1: any server and proxy speaks it. A connection for each call in flight, kept alive. */
export interface Http1Options {
  /** Default: `1.1`, and `2` for gRPC. */
  readonly httpVersion?: "1.1" | undefined;
  /** TLS, agent and socket options of `node:https`. */
  readonly nodeOptions?: RequestOptions | undefined;
}

/** HTTP/2: one connection for all calls, cheaper per call. Over `http://` the server must take HTTP/2 by prior knowledge. */
export interface Http2Options {
  /** gRPC takes HTTP/2 without being told. */
  readonly httpVersion: "2";
  /** TLS, session and socket options of `node:http2`. */
  readonly nodeOptions?: SecureClientSessionOptions | undefined;
  /** Pings and idle time of the connection, ms. */
  readonly session?: Http2SessionOptions | undefined;
}

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
  const { protocol = "connect", registry, defaultTimeoutMs } = options;
  const baseUrl = checkedBaseUrl(options.baseUrl);
  const format = checkedFormat(options.format);
  checked("httpVersion", options.httpVersion ?? "1.1", ["1.1", "2"]);
  if (protocol === "restate") {
    const { sendCompression, compressMinBytes, readMaxBytes } = options;
    refuseWithRestate({ sendCompression, compressMinBytes, readMaxBytes });
    const interceptors = interceptorsOf(options);
    return createRestateTransport(
      { baseUrl, format, registry, interceptors, defaultTimeoutMs },
      restateClient(baseUrl, options),
      adminOf(options),
    );
  }
  if (options.adminUrl !== undefined) {
    throw new Error(
      'createTransport: adminUrl is for protocol "restate". An ingress decides itself who may cancel: createIngress({ allowCancel })',
    );
  }
  const common: ConnectOptions = {
    baseUrl,
    httpClient: explainingClient(httpClient(baseUrl, options)),
    useBinaryFormat: format === "binary",
    interceptors: interceptorsOf(options),
    acceptCompression: [compressionGzip, compressionBrotli],
    sendCompression:
      options.sendCompression === undefined
        ? null
        : compressions[checked("sendCompression", options.sendCompression, ["gzip", "br"])],
    compressMinBytes: options.compressMinBytes ?? 1024,
    readMaxBytes: options.readMaxBytes ?? 0xffffffff,
    writeMaxBytes: 0xffffffff,
    useHttpGet: options.useHttpGet ?? false,
    ...(registry === undefined ? {} : { jsonOptions: { registry } }),
  };
  switch (protocol) {
    case "connect":
      // Here Connect-ES compresses what is larger, for gRPC what is as large too.
      return longDeadlines(
        connect({ ...common, compressMinBytes: common.compressMinBytes - 1 }),
        protocol,
        defaultTimeoutMs,
      );
    case "grpc":
      return longDeadlines(grpc(common), protocol, defaultTimeoutMs);
    case "grpc-web":
      return longDeadlines(grpcWeb(common), protocol, defaultTimeoutMs);
    default:
      throw unknownProtocol(protocol, ["connect", "grpc", "grpc-web", "restate"], "");
  }
}

function adminOf(options: NodeTransportOptions): AdminApi | undefined {
  if (options.adminUrl === undefined) {
    return undefined;
  }
  const url = checkedBaseUrl(options.adminUrl, "adminUrl");
  return adminApi(restateClient(url, options));
}

function restateClient(baseUrl: string, options: NodeTransportOptions): HttpClient {
  return options.httpVersion === "2"
    ? http2Client(baseUrl, options.session, options.nodeOptions)
    : http1Client(baseUrl, options.nodeOptions);
}

function httpClient(baseUrl: string, options: NodeTransportOptions): UniversalClientFn {
  if (options.httpVersion === "2" || (options.protocol === "grpc" && options.httpVersion === undefined)) {
    const { session, nodeOptions } = options as Partial<Http2Options>;
    const manager = new Http2SessionManager(baseUrl, session, nodeOptions);
    return createNodeHttpClient({ httpVersion: "2", sessionProvider: () => manager });
  }
  if (options.protocol === "grpc") {
    throw new Error(
      'createTransport: protocol "grpc" runs on HTTP/2 only: leave httpVersion out, or set it to "2"',
    );
  }
  return createNodeHttpClient({ httpVersion: "1.1", ...nodeOptionsOf(options) });
}

function nodeOptionsOf({ nodeOptions }: Http1Options): { readonly nodeOptions?: RequestOptions } {
  return nodeOptions === undefined ? {} : { nodeOptions };
}
