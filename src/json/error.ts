/** The codes of the Connect protocol. */
export type JsonErrorCode =
  | "canceled"
  | "unknown"
  | "invalid_argument"
  | "deadline_exceeded"
  | "not_found"
  | "already_exists"
  | "permission_denied"
  | "resource_exhausted"
  | "failed_precondition"
  | "aborted"
  | "out_of_range"
  | "unimplemented"
  | "internal"
  | "unavailable"
  | "data_loss"
  | "unauthenticated";

/** A detail of an error in the Connect protocol's JSON form. */
export interface JsonErrorDetail {
  /** Type of the message: `google.rpc.BadRequest`. */
  readonly type: string;
  /** The message as Protobuf bytes, in base64 without padding. */
  readonly value: string;
  /** The message as JSON, if the server sends it. */
  readonly debug?: unknown;
}

/** The error that a failed call or send rejects with. */
export class JsonCallError extends Error {
  /** Finds errors of any copy of this package: one process may load it as an ES module and as CommonJS. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (value as { readonly name?: unknown } | null | undefined)?.name === "JsonCallError";
  }

  override readonly name = "JsonCallError";
  /** Kind of failure. `unknown` if the server gives none. */
  readonly code: JsonErrorCode;
  /** Details from the service, empty if it sends none. */
  readonly details: readonly JsonErrorDetail[];

  constructor(
    code: JsonErrorCode,
    message: string,
    details: readonly JsonErrorDetail[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Codes for the HTTP statuses of proxies, from the Connect protocol. Other statuses are `unknown`. */
const codes: Readonly<Record<number, JsonErrorCode>> = {
  400: "internal",
  401: "unauthenticated",
  403: "permission_denied",
  404: "unimplemented",
};

/** Makes an error from a response: the error of the service, or one for the HTTP status if another server answered. */
export function errorOf(url: string, status: number, json: unknown): JsonCallError {
  const { code, message, details } = (json ?? {}) as Partial<Record<string, unknown>>;
  return typeof code === "string"
    ? new JsonCallError(
        // Restate 0.x spells it with two l's.
        code.replace("cancelled", "canceled") as JsonErrorCode,
        String(message ?? code),
        (details ?? []) as JsonErrorDetail[],
      )
    : new JsonCallError(
        [429, 502, 503, 504].includes(status) ? "unavailable" : (codes[status] ?? "unknown"),
        `${url} answered HTTP ${status} without a Connect error: check baseUrl`,
      );
}
