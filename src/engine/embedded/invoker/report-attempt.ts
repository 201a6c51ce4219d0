import { setTimeout as sleep } from "node:timers/promises";
import { Code } from "@connectrpc/connect";
import type { Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type { Kernel } from "../engine-context.ts";
import { expectKind } from "../invocations/load-outcome.ts";
import { plainFailure, storedOutcome } from "../store/outcome-codec.ts";
import type { Answer, WriteCommand } from "../store/protocol.ts";
import { momentAfter } from "../time.ts";
import type { Waits } from "./attempt.ts";
import { backoffMs } from "./backoff.ts";
import { attemptFields, internalFailure, thrownMessage } from "./run-handler.ts";

/** An attempt whose result is to be recorded. */
export interface Attempted {
  readonly seq: number;
  readonly invocationId: string;
  readonly target: Target;
  readonly number: number;
}

/** How long to wait before a result is offered again to a disk that is full, ms. */
const fullDiskRetryMs = 1_000;

/** Records how an invocation ended, and tells those who wait for it. */
export async function recordOutcome(kernel: Kernel, attempt: Attempted, outcome: Outcome): Promise<void> {
  const command = { op: "complete", seq: attempt.seq, outcome: storedOutcome(outcome) } as const;
  const { expires } = expectKind(await insist(kernel, attempt, command), "completed");
  if (expires !== null) {
    kernel.waiters.settle(attempt.invocationId, { outcome, expiresAt: new Date(expires) });
  }
}

/** Records that an attempt failed and when the next one is due; or that it was the last one. */
export async function recordFailure(kernel: Kernel, attempt: Attempted, error: unknown): Promise<void> {
  const { target, invocationId, number, seq } = attempt;
  const { logger, retry } = kernel.options;
  const fields = attemptFields(target, invocationId, number);
  if (number >= retry.maxAttempts) {
    logger.error("the last attempt failed", { ...fields, error });
    return recordOutcome(kernel, attempt, internalFailure(target, invocationId));
  }
  const delay = backoffMs(retry, number);
  logger.warn("an attempt failed and is retried", { ...fields, retryInMs: delay, error });
  const stored = storedOutcome(plainFailure(Code.Unknown, shortMessage(error)));
  await insist(kernel, attempt, { op: "retry", seq, due: momentAfter(Date.now(), delay), error: stored });
}

/** Records that an attempt made room, and what the invocation waits for. */
export async function recordSuspension(kernel: Kernel, attempt: Attempted, waits: Waits): Promise<void> {
  await insist(kernel, attempt, { op: "suspend", seq: attempt.seq, ...waits });
}

/** The first thousand characters of an error's message. */
export function shortMessage(error: unknown): string {
  return thrownMessage(error).slice(0, 1_000);
}

/** A full disk does not undo what a handler did: its result waits until there is room. */
async function insist({ link, options }: Kernel, attempt: Attempted, command: WriteCommand): Promise<Answer> {
  let answer = await link.request(command);
  while (answer.kind === "refused") {
    options.logger.error("a result could not be stored and is stored again later", {
      invocation: attempt.invocationId,
      reason: answer.message,
    });
    await sleep(fullDiskRetryMs);
    answer = await link.request(command);
  }
  return answer;
}
