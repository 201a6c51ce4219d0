import type { CommonTransportOptions } from "./options.ts";

/** Options of `createTransport`. */
export interface WebTransportOptions extends CommonTransportOptions {
  /**
   * How calls travel. Default: `connect`. gRPC needs HTTP trailers, which `fetch` does not show: use
   * `grpc-web` in a browser, or `restate-connect/node` in Node. `restate` speaks the HTTP ingress of a
   * Restate 1.x server itself, without our ingress in between.
   */
  readonly protocol?: "connect" | "grpc-web" | "restate" | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Options of a transport for one protocol: messages are Protobuf bytes, which `createTransport` can also do in JSON. */
export type NamedTransportOptions = Omit<WebTransportOptions, "protocol" | "format" | "registry">;
