import type { ConnectError } from "@connectrpc/connect";
import type { AbortNotice } from "../../model/abort-notice.ts";
import type { Awaitable } from "../../model/awaitable.ts";
import type { HeaderList } from "../../model/outcome.ts";
import type { HttpResponse } from "../http/exchange.ts";

/** How a message is written: canonical JSON or Protobuf bytes. */
export type Format = "json" | "binary";

/** The protocols of unary methods. */
export type ProtocolName = "connect" | "grpc" | "grpc-web";

/** One unary request, seen through the protocol it came in: everything that differs between them. */
export interface Protocol {
  readonly name: ProtocolName;
  readonly format: Format;
  /** True for a Connect GET: only methods without side effects may answer it. */
  readonly isGet: boolean;
  /**
   * The caller's deadline, ms from now.
   *
   * @throws ConnectError when the caller's header is malformed.
   */
  timeoutMs(): number | undefined;
  /** The size of the largest body that can hold a message of so many bytes. */
  maxBodyBytes(maxMessageBytes: number): number;
  /** Takes the request message out of its framing and compression. */
  unwrap(body: Uint8Array, room: Room): Awaitable<Uint8Array>;
  /** Writes the response of a method. Stops when `signal` aborts: nobody waits for it any more. */
  success(response: UnaryResponse, signal?: AbortNotice): Awaitable<HttpResponse>;
  failure(error: ConnectError): HttpResponse;
}

/** How large a message may become while it is decompressed. */
export interface Room {
  readonly maxMessageBytes: number;
  /** Counts bytes as they come. Throws when there are too many of them in all. */
  hold(bytes: number): void;
}

/** The response of a unary method, in the format of its request. Header names are lower case. */
export interface UnaryResponse {
  readonly message: Uint8Array;
  readonly headers: HeaderList;
  readonly trailers: HeaderList;
}
