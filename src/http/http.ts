import type { HeaderRecord } from "../wire/caller-headers.ts";
import type { Payload } from "../wire/payload.ts";

/** A request, and its whole body. Small enough for `fetch`, node:http and node:http2 alike. */
export interface HttpRequest extends Wait {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Path and query, from the base URL of the client on. Starts with a slash. */
  readonly path: string;
  /** Without the content type, which the body has. */
  readonly header: HeaderRecord;
  readonly body?: Payload;
  /** The most bytes that the response's body may have. Default: any. `fetch` takes any. */
  readonly maxBodyBytes?: number | undefined;
}

/** How long to wait for the answer. */
export interface Wait {
  /** Ends the request with the signal's reason. */
  readonly signal: AbortSignal | undefined;
  /** Default: none. */
  readonly limit?: TimeLimit | undefined;
}

/** A time limit, and the error that it ends a request with. */
export interface TimeLimit {
  readonly ms: number;
  /** Makes the error that the request rejects with when the time has passed. */
  error(): Error;
}

/** A complete response. */
export interface HttpResponse {
  readonly status: number;
  readonly body: Uint8Array;
  /** A header by its lower-case name. */
  get(name: string): string | undefined;
  /** All headers, made when they are asked for: that is, when this is read. */
  readonly header: Headers;
  /** A trailer by its lower-case name. `fetch` shows none. */
  getTrailer(name: string): string | undefined;
  /** All trailers, made when they are asked for. */
  readonly trailer: Headers;
  /** Whether a browser keeps headers from us: Restate exposes none of its own to scripts (CORS). */
  readonly hidesHeaders: boolean;
}

/**
 * Sends requests to one server. Rejects only when no complete response came: with the signal's reason, the
 * limit's error, `resource_exhausted` for a body that is too large, or mostly `unavailable`.
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

/** A client that keeps connections. */
export interface ClosableHttpClient extends HttpClient {
  /** Ends the connections, and the requests on them. */
  close(): void;
}
