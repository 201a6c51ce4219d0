import { Code, ConnectError } from "@connectrpc/connect";
import { CancelledError, TerminalError } from "@restatedev/restate-sdk";
import { connectErrorToTerminal, terminalToConnectError } from "../restate-api/terminal-error.ts";

/**
 * What a handler threw, as the SDK takes it. A `ConnectError` is terminal and keeps its code, details and
 * metadata; a terminal error of the SDK stays as it is; any other error makes Restate retry.
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

/** What an operation of the SDK threw, as handlers know it. Errors that are not the invocation's pass. */
export function fromSdkError(reason: unknown): unknown {
  return reason instanceof TerminalError
    ? terminalToConnectError({ code: reason.code, message: reason.message, metadata: reason.metadata ?? {} })
    : reason;
}
