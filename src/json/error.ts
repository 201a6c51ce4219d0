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

/** A detail of an error, as the Connect protocol writes it in JSON. */
export interface JsonErrorDetail {
  /** The message's type: `google.rpc.BadRequest`. */
  readonly type: string;
  /** The message in Protobuf bytes, base64 without padding. */
  readonly value: string;
  /** The message in JSON, from servers that write it. */
  readonly debug?: unknown;
}

/** Why a call or a send failed. */
export class JsonCallError extends Error {
  override readonly name = "JsonCallError";
  /** What kind of failure it is. `unknown` where a server gave none. */
  readonly code: JsonErrorCode;
  /** What the service says besides: empty where it says nothing. */
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

/** What the statuses of proxies mean, as in the Connect protocol. Others are `unknown`. */
const codes: Readonly<Record<number, JsonErrorCode>> = {
  400: "internal",
  401: "unauthenticated",
  403: "permission_denied",
  404: "unimplemented",
  429: "unavailable",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

/** The error that an answer tells of: that of the service, or what the status says where another server answered. */
export function errorOf(url: string, status: number, json: unknown): JsonCallError {
  const { code, message, details } = (json ?? {}) as Partial<Record<string, unknown>>;
  if (typeof code === "string") {
    return new JsonCallError(
      // Restate 0.x has two l's.
      (code === "cancelled" ? "canceled" : code) as JsonErrorCode,
      String(message ?? code),
      (details ?? []) as JsonErrorDetail[],
    );
  }
  const text = `${url} answered with HTTP status ${status} and nothing of the Connect protocol: check baseUrl`;
  return new JsonCallError(codes[status] ?? "unknown", text);
}
