import { setTimeout as sleep } from "node:timers/promises";
import { Code } from "@connectrpc/connect";
import type { HeaderList, Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type { EngineContext } from "../engine-context.ts";
import type { IdBytes } from "../ids/invocation-id.ts";
import { expectKind } from "../invocations/load-outcome.ts";
import { encodeOutcome, plainFailure } from "../store/outcome-codec.ts";
import type { StoreResponse, WriteCommand } from "../store/protocol.ts";
import { momentAfter } from "../time.ts";
import { backoffMs } from "./backoff.ts";
import { attemptFields, internalFailure, thrownMessage } from "./run-handler.ts";

/** A durable attempt whose result is to be recorded. */
export interface ReportedAttempt {
  readonly seq: number;
  readonly invocationId: string;
  readonly target: Target;
  readonly number: number;
  readonly headers: HeaderList;
}

/** The things that can let a handler continue that waits. */
export interface AwaitedThings {
  readonly invocations: readonly IdBytes[];
  /** Indexes. */
  readonly awakeables: readonly number[];
}

/** The pause before a result is offered again to a disk that is full, ms. */
const fullDiskRetryMs = 1_000;

/** Records the outcome of an invocation, and gives it to its waiters. */
export async function recordOutcome(
  context: EngineContext,
  attempt: ReportedAttempt,
  outcome: Outcome,
): Promise<void> {
  const command = { op: "complete", seq: attempt.seq, outcome: encodeOutcome(outcome) } as const;
  const { expires } = expectKind(await requestUntilStored(context, attempt, command), "completed");
  const { outcomeWaiters } = context;
  if (expires !== null && !outcomeWaiters.isEmpty) {
    outcomeWaiters.settle(attempt.invocationId, { outcome, expiresAt: new Date(expires) });
  }
}

/** Records that an attempt failed and when the next one is due; or the outcome, if it was the last one. */
export async function recordFailure(
  context: EngineContext,
  attempt: ReportedAttempt,
  error: unknown,
): Promise<void> {
  const { target, invocationId, number, seq } = attempt;
  const { clock, options } = context;
  const { logger, retry } = options;
  const fields = attemptFields(target, invocationId, number, attempt.headers);
  if (number >= retry.maxAttempts) {
    logger.error("the last attempt failed", { ...fields, error });
    return recordOutcome(context, attempt, internalFailure(target, invocationId));
  }
  const due = momentAfter(clock.now(), backoffMs(retry, number, clock.random));
  const nextAttempt = new Date(due).toISOString();
  logger.warn("an attempt failed and is retried", {
    ...fields,
    nextAttempt,
    error: context.shownStacks.show(seq, error),
  });
  const stored = encodeOutcome(plainFailure(Code.Unknown, shortMessage(error)));
  await requestUntilStored(context, attempt, { op: "retry", seq, due, error: stored });
  context.attemptCounts.addRetried(target);
}

/** Records that an attempt made room, and the things that it waits for. */
export async function recordSuspension(
  context: EngineContext,
  attempt: ReportedAttempt,
  awaited: AwaitedThings,
): Promise<void> {
  await requestUntilStored(context, attempt, { op: "suspend", seq: attempt.seq, ...awaited });
}

/** The first thousand characters of an error's message. */
function shortMessage(error: unknown): string {
  return thrownMessage(error).slice(0, 1_000);
}

/** A full disk does not undo the work of a handler: its result waits until there is room. */
async function requestUntilStored(
  { store, options }: EngineContext,
  attempt: ReportedAttempt,
  command: WriteCommand,
): Promise<StoreResponse> {
  let response = await store.request(command);
  while (response.kind === "refused") {
    options.logger.error("a result could not be stored and is stored again later", {
      invocation: attempt.invocationId,
      reason: response.message,
    });
    await sleep(fullDiskRetryMs);
    response = await store.request(command);
  }
  return response;
}
