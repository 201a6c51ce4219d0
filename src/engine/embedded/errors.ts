import { Code, ConnectError } from "@connectrpc/connect";
import { type RefusalReason, refusal } from "../../model/refusal.ts";
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
  return refusal("closing", pass(new ConnectError("the engine is closing", Code.Unavailable)));
}

/** `unavailable`: the store has failed, and this engine with it. */
export function storeFailed(reason: string): ConnectError {
  return pass(
    new ConnectError(`the store has failed, start the engine again to recover: ${reason}`, Code.Unavailable),
  );
}

/** The attempt waited, and makes room for others. It runs again. */
export function suspended(): ConnectError {
  return pass(
    new ConnectError(
      "the attempt waits and makes room for others: it runs again when it can continue",
      Code.Unavailable,
    ),
  );
}

/** `resource_exhausted` with `retry-after`. */
export function exhausted(reason: RefusalReason, message: string): ConnectError {
  const metadata = { "retry-after": retryAfterSeconds };
  return refusal(reason, pass(new ConnectError(message, Code.ResourceExhausted, metadata)));
}

/** The largest message that is stored, bytes. SQLite could hold four times as much. */
export const maxMessageBytes = 256 * 2 ** 20;

/** `resource_exhausted` for a message beyond {@link maxMessageBytes}. */
export function messageTooLarge(what: string): ConnectError {
  const message = `${what} is larger than the ${maxMessageBytes} that can be stored`;
  return refusal("message_too_large", new ConnectError(message, Code.ResourceExhausted));
}

/** The longest object key, bytes of UTF-8. */
export const maxKeyBytes = 4_096;

/** `invalid_argument` for a key beyond {@link maxKeyBytes}. */
export function keyTooLong(bytes: number): ConnectError {
  return new ConnectError(
    `the object key has ${bytes} bytes: give at most ${maxKeyBytes}`,
    Code.InvalidArgument,
  );
}

/** `failed_precondition` for a call that would wait for its own caller. */
export function deadlock(message: string): ConnectError {
  return new ConnectError(message, Code.FailedPrecondition);
}

/** `resource_exhausted` for a completion beyond the limits of one invocation's awakeables. */
export function tooManyAwakeables(id: string, message: string): ConnectError {
  const text = `awakeable ${id} was not completed: ${message}`;
  return refusal("too_many_awakeables", new ConnectError(text, Code.ResourceExhausted));
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

/** The error for a refused command. */
export function refusalError(reason: Refusal, message: string, id: string): ConnectError {
  switch (reason) {
    case "unknown-id":
      return unknownInvocation(id);
    case "other-input":
      return new ConnectError(`${message} (${id})`, Code.AlreadyExists);
    case "not-completed":
      return new ConnectError(`invocation ${id} ${message}`, Code.FailedPrecondition);
    case "store-full":
      return exhausted("store_full", message);
    case "too-many-awakeables":
      return tooManyAwakeables(id, message);
    case "deadlock":
      return deadlock(message);
    case "caller-terminated":
      return new ConnectError(message, Code.Canceled);
  }
}

/** `failed_precondition`: an invocation that is not completed cannot be purged. */
export function notCompleted(id: string): ConnectError {
  return refusalError("not-completed", "is not completed: cancel or kill it first", id);
}

/** The reason of a cancelled or killed attempt, in Restate's words. */
export function terminationError(mode: "cancel" | "kill"): ConnectError {
  return mode === "cancel"
    ? new ConnectError("canceled", Code.Canceled)
    : new ConnectError("killed", Code.Aborted);
}

function pass(error: ConnectError): ConnectError {
  passing.add(error);
  return error;
}
