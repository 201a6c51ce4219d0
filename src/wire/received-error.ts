import { type Code, ConnectError } from "@connectrpc/connect";

/** A detail of an error as it travels: the name of its type, and Protobuf bytes. */
export interface ReceivedDetail {
  readonly type: string;
  readonly value: Uint8Array;
}

/**
 * An error that a server sent. Connect-ES marks such errors: a handler that throws one on sends its code, message
 * and details, and not the headers of the response that brought it.
 */
export function receivedError(
  message: string,
  code: Code,
  metadata: Headers,
  details: readonly ReceivedDetail[] = [],
): ConnectError {
  const error = new ConnectError(message, code, metadata);
  error.details = [...details];
  return Object.assign(error, { isWireError: true });
}
