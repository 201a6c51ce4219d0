/** Names of the headers that carry what Restate adds to a call. Lower case. */
export const restateHeaders = {
  /** Request: makes retries of a call or send one invocation. Scope: service, method, object key. */
  idempotencyKey: "idempotency-key",
  /** Request: seconds for which the outcome is kept after completion. */
  idempotencyRetention: "idempotency-retention-period",
  /** Response: until when the outcome is kept, RFC 3339. */
  idempotencyExpires: "idempotency-expires",
  /** Response: the invocation's id. */
  invocationId: "x-restate-id",
  /** Request of `dev.restate.Ingress/Invoke`: run this many ms from now. */
  delay: "x-restate-delay",
  /** Response to a delayed Invoke: when it is due, RFC 3339. Its absence means the delay was not understood. */
  executionTime: "x-restate-execution-time",
  /** Response to an Invoke: `accepted`, or `previously-accepted` for a used idempotency key. */
  sendStatus: "x-restate-send-status",
  /** Request to a VIRTUAL_OBJECT or WORKFLOW, whose key is not a field of its messages: the key, percent-encoded. */
  objectKey: "x-restate-object-key",
  /** Metadata of an error: `invocation` when it is an outcome, else `ingress`. Restate 1.x has it from 1.7.4 on. */
  errorSource: "x-restate-error-source",
  /** Metadata of an error of Restate 1.x: its own numeric code, HTTP-like. */
  errorCode: "x-restate-error-code",
} as const;
