import { Code, ConnectError } from "@connectrpc/connect";
import { failureFrom } from "../../../model/failure.ts";
import type { LogFields } from "../../../model/logger.ts";
import type { HeaderList, Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import { traceIdOf } from "../../../model/trace-id.ts";
import type { Attempt, Handler } from "../../engine.ts";
import { isPassing, maxMessageBytes, messageTooLarge } from "../errors.ts";
import { plainFailure } from "../store/outcome-codec.ts";

/** The result of an attempt: an outcome, or an error after which another attempt may succeed. */
export type AttemptResult =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "error"; readonly error: unknown };

/** Runs a handler once. A `ConnectError` is an outcome, unless it is the engine's own passing trouble. */
export async function runHandler(handler: Handler | undefined, attempt: Attempt): Promise<AttemptResult> {
  try {
    if (handler === undefined) {
      throw new Error("no handler is registered: add the service, or cancel the invocation");
    }
    const { output, headers, trailers } = await handler(attempt);
    if (output.length > maxMessageBytes) {
      throw messageTooLarge(`response of ${output.length} bytes`);
    }
    return { kind: "outcome", outcome: { ok: true, output, headers, trailers } };
  } catch (error) {
    return error instanceof ConnectError && !isPassing(error) ? terminal(error) : { kind: "error", error };
  }
}

/** Details that cannot be encoded make of a terminal error a programming error. */
function terminal(error: ConnectError): AttemptResult {
  try {
    return { kind: "outcome", outcome: { ok: false, failure: failureFrom(error) } };
  } catch (cause) {
    return { kind: "error", error: new Error(`cannot encode the details of ${error.message}`, { cause }) };
  }
}

/** The outcome that callers see in place of an error that is logged, not shown. */
export function internalFailure(target: Target, id: string): Outcome {
  return plainFailure(Code.Internal, `${target.service}/${target.method} failed (${id})`);
}

/** The fields by which a log entry names an attempt. `traceId`: of the caller, or the sender, if there is one. */
export function attemptFields(target: Target, id: string, attempt: number, headers: HeaderList): LogFields {
  const traceId = traceIdOf(headers.find(([name]) => name === "traceparent")?.[1]);
  return {
    method: `${target.service}/${target.method}`,
    invocation: id,
    attempt,
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** The message of what a handler threw, which may be anything, also what has no text. */
export function thrownMessage(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return "something that cannot be shown as text was thrown";
  }
}
