/** A request to a Restate server. Small enough for `fetch`, node:http and node:http2 alike. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Path and query, from the base URL of the client on. Starts with a slash. */
  readonly path: string;
  readonly header: Headers;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal | undefined;
}

/** A complete response. */
export interface HttpResponse {
  readonly status: number;
  readonly header: Headers;
  readonly body: Uint8Array;
}

/** Sends requests to one server. Rejects only when no complete response came. */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;
