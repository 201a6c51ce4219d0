import type { SecureClientSessionOptions } from "node:http2";
import type { RequestOptions } from "node:https";
import type { Http2SessionOptions } from "@connectrpc/connect-node";
import type { OptionNames } from "../model/known-options.ts";
import { type CommonTransportOptions, commonOptionNames } from "./options.ts";

/** Options of `createTransport`. */
export type NodeTransportOptions = NodeProtocolOptions & {
  /**
   * Protocol of the calls. Default: `connect`. gRPC runs on HTTP/2 only. `restate` speaks the HTTP ingress of a
   * Restate 1.x server itself, without our ingress in between.
   */
  readonly protocol?: "connect" | "grpc" | "grpc-web" | "restate" | undefined;
};

/** Options of a transport for one protocol. */
export type NodeProtocolOptions = CommonTransportOptions & {
  /**
   * Where the admin port of the ingress is, or of the Restate server (0.x from 0.7 on, and 1.x): for example
   * `http://localhost:9070`. `Invocation.cancel()` goes there. Without it a Restate server cannot cancel, and an
   * ingress does only where it lets callers (`allowCancel`).
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
  /**
   * TLS, agent and socket options of `node:https`. The default agent goes through the proxies of the environment when
   * Node is told to (`NODE_USE_ENV_PROXY=1` or `--use-env-proxy`).
   */
  readonly nodeOptions?: RequestOptions | undefined;
}

/** HTTP/2: one connection for all calls, cheaper per call. Over `http://` the server must take HTTP/2 by prior knowledge. No proxies of the environment. */
export interface Http2Options {
  /** gRPC takes HTTP/2 without being told. */
  readonly httpVersion: "2";
  /** TLS, session and socket options of `node:http2`. */
  readonly nodeOptions?: SecureClientSessionOptions | undefined;
  /**
   * Pings and idle time of the connection, ms. Default: no pings, which gRPC servers take for abuse; with
   * protocol `restate` one every 10 s while calls are in flight, to be answered within 5 s.
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
