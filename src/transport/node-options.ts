import type { SecureClientSessionOptions } from "node:http2";
import type { RequestOptions } from "node:https";
import type { Http2SessionOptions } from "@connectrpc/connect-node";
import type { OptionNames } from "../model/known-options.ts";
import { type CommonTransportOptions, commonOptionNames } from "./options.ts";

/** Options of `createTransport`. */
export type NodeTransportOptions = NodeProtocolOptions & {
  /**
   * Protocol of the calls. Default: `connect`. `grpc` needs HTTP/2. `restate` is the HTTP API of a Restate 1.x server,
   * called directly, without an ingress of this package.
   */
  readonly protocol?: "connect" | "grpc" | "grpc-web" | "restate" | undefined;
};

/** Options of a transport for one protocol. */
export type NodeProtocolOptions = CommonTransportOptions & {
  /**
   * URL of the admin port of the ingress, or of the Restate server (0.7 or later), for example
   * `http://localhost:9070`. `Invocation.cancel()` uses it. Without it, a Restate server cannot cancel, and an ingress
   * cancels only with its option `allowCancel`.
   */
  readonly adminUrl?: string | undefined;
  /**
   * Compression of requests, for slow networks. The server must support it: Restate itself supports none.
   * Default: none.
   */
  readonly sendCompression?: "gzip" | "br" | undefined;
  /** Size in bytes below which requests are not compressed. Default: 1024, because small requests gain nothing. */
  readonly compressMinBytes?: number | undefined;
  /**
   * Largest response message, in bytes after decompression. Above it `resource_exhausted`. Not with protocol
   * `restate`. Default: 4 GiB.
   */
  readonly readMaxBytes?: number | undefined;
} & (Http1Options | Http2Options);

/** HTTP/1.1, which every server and proxy supports: one connection for each call in flight, kept alive. */
export interface Http1Options {
  /** Default: `1.1`, and `2` for gRPC. */
  readonly httpVersion?: "1.1" | undefined;
  /**
   * TLS, agent and socket options of `node:https`. The default agent uses the proxies of the environment with
   * `NODE_USE_ENV_PROXY=1` or `--use-env-proxy`.
   */
  readonly nodeOptions?: RequestOptions | undefined;
}

/**
 * HTTP/2: one connection for all calls. Over `http://` the server must accept HTTP/2 with prior knowledge. Proxies of the
 * environment are not used.
 */
export interface Http2Options {
  /** HTTP/2 in place of HTTP/1.1. `grpc` uses it by default. */
  readonly httpVersion: "2";
  /** TLS, session and socket options of `node:http2`. */
  readonly nodeOptions?: SecureClientSessionOptions | undefined;
  /**
   * Pings and idle time of the connection, in ms. Default: no pings, because gRPC servers may treat them as abuse; with
   * protocol `restate`, a ping every 10 s while calls are in flight, to be answered within 5 s.
   */
  readonly session?: Http2SessionOptions | undefined;
}

/** The names of {@link NodeProtocolOptions}. */
export const nodeOptionNames: OptionNames<NodeProtocolOptions> = {
  ...commonOptionNames,
  adminUrl: 1,
  sendCompression: 1,
  compressMinBytes: 1,
  readMaxBytes: 1,
  httpVersion: 1,
  nodeOptions: 1,
  session: 1,
};
