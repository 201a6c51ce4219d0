import type { OptionNames } from "../model/known-options.ts";
import { type CommonTransportOptions, commonOptionNames } from "./options.ts";

/** Options of `createTransport`. */
export interface WebTransportOptions extends CommonTransportOptions {
  /**
   * Protocol of the calls. Default: `connect`. gRPC needs HTTP trailers, which `fetch` does not show: use
   * `grpc-web` in a browser, or `restate-connect/node` in Node. `restate` is the HTTP API of a Restate 1.x
   * server, called directly, without an ingress of this package.
   */
  readonly protocol?: "connect" | "grpc-web" | "restate" | undefined;
  /** Function that sends the requests, for example with a proxy. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Options of a transport for one protocol, which loads nothing besides: messages are Protobuf bytes, and retries are an
 * interceptor (`interceptors: [retry()]`). `createTransport` has options for JSON and retries.
 */
export type NamedTransportOptions = Omit<WebTransportOptions, "protocol" | "format" | "registry" | "retry">;

/** The names of the options of `createTransport`. */
export const webOptionNames: OptionNames<WebTransportOptions> = {
  ...commonOptionNames,
  protocol: 1,
  fetch: 1,
};

/** The names of {@link NamedTransportOptions}. */
export const namedOptionNames: OptionNames<NamedTransportOptions> = {
  baseUrl: 1,
  useHttpGet: 1,
  interceptors: 1,
  defaultTimeoutMs: 1,
  fetch: 1,
};
