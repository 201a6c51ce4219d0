import { ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { restateHeaders } from "../model/restate-headers.ts";
import { isErrorMetadata } from "../wire/protocol-headers.ts";

/** An error in Restate's terms. */
export interface RestateError {
  /**
   * `invocation`: the handler's own terminal error, which is how its invocation ended. `ingress`: the ingress
   * refused or could not do what was asked.
   */
  readonly source: "invocation" | "ingress";
  /** Restate's code, which is like an HTTP status. Off Restate, the HTTP status of the Connect code. */
  readonly code: number;
  /** Without the code that the message of a `ConnectError` begins with. */
  readonly message: string;
  /** What the handler gave its error as metadata. Headers that a proxy added are among it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Undefined where there is no invocation, or where the server hides its id, as Restate does from browsers. */
  readonly invocationId: string | undefined;
}

/**
 * Reads what Restate, or our ingress, says about an error in addition to its Connect code and details:
 * `if (restateError(reason)?.source === "invocation") { … }` is true for terminal errors of handlers.
 *
 * Undefined when no server says whose the error is: nothing answered, a deadline passed, something in front
 * of the server refused, or the server is Restate before 1.7.4.
 */
export function restateError(reason: unknown): RestateError | undefined {
  if (!(reason instanceof ConnectError)) {
    return undefined;
  }
  const { code, rawMessage, metadata } = reason;
  const source = metadata.get(restateHeaders.errorSource);
  if (source !== "invocation" && source !== "ingress") {
    return undefined;
  }
  return {
    source,
    code: Number(metadata.get(restateHeaders.errorCode) ?? codeToHttpStatus(code)),
    message: rawMessage,
    metadata: Object.fromEntries([...metadata].filter(([name]) => isErrorMetadata(name))),
    invocationId: metadata.get(restateHeaders.invocationId) ?? undefined,
  };
}
