/** Options of a JSON client. */
export interface JsonClientOptions {
  /** URL of the ingress: `http://localhost:8080`. */
  readonly baseUrl: string;
  /** Replaces the global `fetch`, for example to send credentials or to add headers to each request. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Options of a call. */
export interface JsonCallOptions {
  /** Aborts the call: it rejects with `canceled`. */
  readonly signal?: AbortSignal | undefined;
  /** Timeout in ms, sent to the server too. After it the call rejects with `deadline_exceeded`. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** Request headers. */
  readonly headers?: HeadersInit | undefined;
  /**
   * Makes the call durable and safe to repeat: the ingress runs it once for this key (scoped to service,
   * method and object key) and answers every repetition with the first outcome. Printable ASCII, not empty.
   */
  readonly idempotencyKey?: string | undefined;
}

/** Options of a one-way invocation. */
export interface JsonSendOptions extends JsonCallOptions {
  /**
   * Time in ms before the invocation runs. Default: 0. The send rejects with
   * `failed_precondition` if the server does not confirm the delay.
   */
  readonly delay?: number | undefined;
}

/** Options of submitting a workflow. Its id makes it run once, so it does not need an idempotency key. */
export type JsonSubmitOptions = Omit<JsonSendOptions, "idempotencyKey">;
