import { ConnectError } from "@connectrpc/connect";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { restateHeaders } from "../model/restate-headers.ts";
import { isErrorMetadata } from "../wire/protocol-headers.ts";

/** An error with Restate's code and source. */
export interface RestateError {
  /**
   * `invocation`: the terminal error that a handler ended its invocation with. `ingress`: the ingress
   * refused or could not serve the request.
   */
  readonly source: "invocation" | "ingress";
  /** Restate's code, which is like an HTTP status. From other servers, the HTTP status of the Connect code. */
  readonly code: number;
  /** Message, without the code prefix of a `ConnectError`. */
  readonly message: string;
  /** Metadata that the handler gave its error. Also contains headers that a proxy added. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Id of the invocation. Undefined if there is none, or if the server hides it, as Restate does from browsers. */
  readonly invocationId: string | undefined;
}

/**
 * Reads what Restate, or our ingress, says about an error in addition to its Connect code and details:
 * `if (restateError(reason)?.source === "invocation") { … }` is true for terminal errors of handlers.
 *
 * Undefined if the source is unknown: no server responded, a deadline passed, a proxy in front
 * of the server refused the request, or the server is Restate before 1.7.4.
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
