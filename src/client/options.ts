import type { CallOptions as ConnectCallOptions } from "@connectrpc/connect";

/** Options of one call. All but the last are Connect's own. */
export interface CallOptions extends ConnectCallOptions {
  /**
   * Makes the call durable and safe to repeat: the ingress runs it once for this key (scoped to service,
   * method and object key) and answers every repetition with the first one's outcome. Not empty.
   */
  idempotencyKey?: string | undefined;
}

/** Options of one one-way invocation. */
export interface SendOptions extends CallOptions {
  /**
   * Run this many milliseconds from now, or later. Default: at once.
   *
   * A server that does not know delays would run it at once; the send then rejects with
   * `failed_precondition`, with the invocation's id in the message.
   */
  delay?: number | undefined;
}

/** Options of submitting a workflow. Its id makes it run once: it needs no other key. */
export type SubmitOptions = Omit<SendOptions, "idempotencyKey">;
