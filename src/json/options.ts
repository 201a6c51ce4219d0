/** Where a client calls, and how. */
export interface JsonClientOptions {
  /** URL of the ingress: `http://localhost:8080`. */
  readonly baseUrl: string;
  /** Called in place of the global `fetch`, for example to send credentials or to add headers to each request. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Options of one call. */
export interface JsonCallOptions {
  /** Gives the call up: it rejects with `canceled`. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline, ms from now, which the server knows too: the call rejects with `deadline_exceeded`. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** Request headers. */
  readonly headers?: HeadersInit | undefined;
  /**
   * Makes the call durable and safe to repeat: the ingress runs it once for this key (scoped to service,
   * method and object key) and answers every repetition with the first one's outcome. Printable ASCII, not empty.
   */
  readonly idempotencyKey?: string | undefined;
}

/** Options of one one-way invocation. */
export interface JsonSendOptions extends JsonCallOptions {
  /**
   * Run this many milliseconds from now, or later. Default: at once. The send rejects with
   * `failed_precondition` where the server does not confirm the delay.
   */
  readonly delay?: number | undefined;
}

/** Options of submitting a workflow. Its id makes it run once: it needs no other key. */
export type JsonSubmitOptions = Omit<JsonSendOptions, "idempotencyKey">;

/** A one-way invocation that the ingress holds. */
export interface JsonInvocation {
  /** Identifies the invocation, also for `invocation()` of `restate-connect`, which attaches to its outcome. */
  readonly id: string;
}
