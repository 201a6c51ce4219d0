import { Code, ConnectError } from "@connectrpc/connect";
import { CancelledError, TerminalError } from "@restatedev/restate-sdk";
import { connectErrorToTerminal, terminalToConnectError } from "../restate-api/terminal-error.ts";

/**
 * Converts an error thrown by a handler for the SDK. A `ConnectError` is terminal and keeps its code, details and
 * metadata; a terminal error of the SDK is not changed; any other error makes Restate retry.
 */
export function toSdkError(reason: unknown): unknown {
  if (reason instanceof CancelledError) {
    return toSdkError(new ConnectError("canceled", Code.Canceled));
  }
  if (!(reason instanceof ConnectError)) {
    return reason;
  }
  const { code, message, metadata } = connectErrorToTerminal(reason);
  return new TerminalError(message, { errorCode: code, metadata: { ...metadata } });
}

/** Converts an error thrown by an operation of the SDK into a ConnectError. Returns any other error unchanged. */
export function fromSdkError(reason: unknown): unknown {
  return reason instanceof TerminalError
    ? terminalToConnectError({ code: reason.code, message: reason.message, metadata: reason.metadata ?? {} })
    : reason;
}
