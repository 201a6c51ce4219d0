import type { CallOptions as ConnectCallOptions } from "@connectrpc/connect";

/** Options of a call: those of Connect, and `idempotencyKey`. */
export interface CallOptions extends ConnectCallOptions {
  /**
   * Makes the call durable and safe to repeat: the ingress runs it once for this key (scoped to service,
   * method and object key) and answers every repetition with the first outcome. Not empty.
   */
  idempotencyKey?: string | undefined;
}

/** Options of a one-way invocation. */
export interface SendOptions extends CallOptions {
  /**
   * Time in ms before the invocation runs. Default: 0.
   *
   * A server without support for delays runs it immediately; the send then rejects with
   * `failed_precondition`, with the invocation's id in the message.
   */
  delay?: number | undefined;
}

/** Options of submitting a workflow. Its id makes it run once, so it does not need an idempotency key. */
export type SubmitOptions = Omit<SendOptions, "idempotencyKey">;
