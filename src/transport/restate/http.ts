/** A request to a Restate server. Small enough for `fetch`, node:http and node:http2 alike. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Path and query, from the base URL of the client on. Starts with a slash. */
  readonly path: string;
  readonly header: HeaderRecord;
  readonly body?: Uint8Array;
  /** Restate names an invocation in the headers of a successful answer: one without is not Restate's. */
  readonly namesInvocation?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Headers by their lower-case names. Plain, for `Headers` costs more than all else in a small request. */
export type HeaderRecord = Readonly<Record<string, string>>;

/** A complete response. */
export interface HttpResponse {
  readonly status: number;
  readonly body: Uint8Array;
  /** A header by its lower-case name. */
  get(name: string): string | undefined;
  /** All headers, made when they are asked for. */
  readonly header: Headers;
  /** Whether a browser keeps headers from us: Restate exposes none of its own to scripts (CORS). */
  readonly hidesHeaders: boolean;
}

/** Sends requests to one server. Rejects only when no complete response came. */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

/** A client that keeps connections. */
export interface ClosableHttpClient extends HttpClient {
  /** Ends the connections, and the requests on them. */
  close(): void;
}
