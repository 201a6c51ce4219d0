import { Code, ConnectError } from "@connectrpc/connect";
import type { Refusal } from "./store/protocol.ts";

/** Seconds after which a refused request may find room. */
const retryAfterSeconds = "1";

/**
 * Errors of the engine itself, not of a handler: when one of them ends an attempt, the attempt is
 * repeated rather than taken for the outcome.
 */
const passing = new WeakSet<Error>();

/** True for an error that says how the engine is, not how the invocation went. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && passing.has(error);
}

/** `unavailable`: the engine is closing. */
export function closing(): ConnectError {
  return pass(new ConnectError("the engine is closing", Code.Unavailable));
}

/** The attempt waited, and makes room for others. It runs again. */
export function suspended(): ConnectError {
  return pass(
    new ConnectError(
      "the attempt is put off until what it waits for is there: too many wait",
      Code.Unavailable,
    ),
  );
}

/** `resource_exhausted` with `retry-after`. */
export function exhausted(message: string): ConnectError {
  return pass(new ConnectError(message, Code.ResourceExhausted, { "retry-after": retryAfterSeconds }));
}

/** The largest message that is stored, bytes. SQLite could hold four times as much. */
export const maxMessageBytes = 256 * 2 ** 20;

/** `resource_exhausted` for a message beyond {@link maxMessageBytes}. */
export function messageTooLarge(what: string): ConnectError {
  return new ConnectError(
    `${what} is larger than the ${maxMessageBytes} that can be stored`,
    Code.ResourceExhausted,
  );
}

/** `invalid_argument` for an id that cannot be one. */
export function malformedId(kind: "invocation" | "awakeable", id: string, problem: string): ConnectError {
  return new ConnectError(`cannot parse the ${kind} id "${id}": ${problem}`, Code.InvalidArgument);
}

/** `not_found` for an invocation that is not known, or no longer. */
export function unknownInvocation(id: string): ConnectError {
  return new ConnectError(`invocation ${id} is not known, or its retention is over`, Code.NotFound);
}

/** `aborted`, and Restate's words: a workflow runs once for each id, and only its first caller has its answer. */
export function alreadyInvoked(): ConnectError {
  return new ConnectError("the workflow method was already invoked", Code.Aborted);
}

/** What the store refused, as an error. */
export function refused(reason: Refusal, message: string, id: string): ConnectError {
  switch (reason) {
    case "unknown-id":
      return unknownInvocation(id);
    case "other-input":
      return new ConnectError(`${message} (${id})`, Code.AlreadyExists);
    case "not-ended":
      return new ConnectError(`invocation ${id} ${message}`, Code.FailedPrecondition);
    case "store-full":
      return exhausted(message);
    case "caller-stopped":
      return new ConnectError(message, Code.Canceled);
  }
}

/** Why an attempt ends, in Restate's words. */
export function endingReason(mode: "cancel" | "kill"): ConnectError {
  return mode === "cancel"
    ? new ConnectError("canceled", Code.Canceled)
    : new ConnectError("killed", Code.Aborted);
}

function pass(error: ConnectError): ConnectError {
  passing.add(error);
  return error;
}
