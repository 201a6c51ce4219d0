import { ConnectError } from "@connectrpc/connect";
import { expect } from "vitest";

/** Returns the error that a promise rejects with, as a ConnectError. Fails the test if the promise resolves. */
export function failure(promise: Promise<unknown>): Promise<ConnectError> {
  return promise.then(
    (value) => expect.unreachable(`expected an error, got ${String(value)}`),
    (reason: unknown) => ConnectError.from(reason),
  );
}
