import { Code } from "@connectrpc/connect";
import { type EngineContext, type EngineOperations, methodName } from "../engine-context.ts";
import { closing, isPassing, suspended, terminationError } from "../errors.ts";
import { plainFailure } from "../store/outcome-codec.ts";
import type { AbortEffect, RunEffect } from "../store/protocol.ts";
import { DurableInvocation } from "./durable-invocation.ts";
import { recordFailure, recordOutcome, recordSuspension } from "./report-attempt.ts";
import { type AttemptResult, runHandler } from "./run-handler.ts";

/** Runs the attempts of durable invocations. */
export class Invoker {
  readonly #context: EngineContext;
  readonly #operations: EngineOperations;
  readonly #bySeq = new Map<number, DurableInvocation>();
  /** The invocations that wait and were not ended, the longest first. */
  readonly #paused = new Set<DurableInvocation>();
  /** The requests of all attempts in flight. */
  #openBytes = 0;
  /** The invocations that make room and are not done yet. */
  #leavingCount = 0;
  #leavingBytes = 0;
  #isDraining = false;

  constructor(context: EngineContext, operations: EngineOperations) {
    this.#context = context;
    this.#operations = operations;
  }

  /** Runs an attempt, at once or when a permit is free. */
  run(effect: RunEffect): void {
    if (this.#isDraining) {
      return;
    }
    const invocation = new DurableInvocation(this.#context, this.#operations, effect, this.#onPause);
    this.#bySeq.set(effect.seq, invocation);
    this.#openBytes += invocation.bytes;
    this.#makeRoom();
    invocation.leaveQueue = this.#context.semaphore.acquire(() => this.#start(invocation));
  }

  /** Cancels or kills the attempt in flight. */
  abort({ seq, mode }: AbortEffect): void {
    const invocation = this.#bySeq.get(seq);
    if (invocation === undefined) {
      return;
    }
    const isQueued = invocation.leaveQueue !== undefined;
    this.#paused.delete(invocation);
    invocation.endedBy = mode;
    invocation.attempt.abort(terminationError(mode));
    if (mode === "kill") {
      this.#remove(invocation);
    } else if (isQueued) {
      this.#settle(invocation, { kind: "error", error: undefined })?.catch(this.#reportFailure);
    }
  }

  /** An awakeable of an attempt in flight is completed. */
  onAwakeableCompleted(seq: number, index: number): void {
    this.#bySeq.get(seq)?.completeAwakeable(index);
  }

  /** The indexes of the awakeables that the handler waits for. Undefined: no attempt is in flight. */
  awaitedAwakeables(seq: number): readonly number[] | undefined {
    return this.#bySeq.get(seq)?.attempt.ownAwakeables.awaited;
  }

  /** Starts nothing from now on. */
  drain(): void {
    this.#isDraining = true;
    for (const { leaveQueue } of this.#bySeq.values()) {
      leaveQueue?.();
    }
  }

  /** The handlers at work that do not wait. */
  get workingCount(): number {
    let count = 0;
    for (const { leaveQueue, isPaused } of this.#bySeq.values()) {
      count += leaveQueue === undefined && !isPaused ? 1 : 0;
    }
    return count;
  }

  /** Leaves the attempts in flight to the next start. */
  abandon(): void {
    for (const invocation of this.#bySeq.values()) {
      invocation.endedBy = "close";
      this.#bySeq.delete(invocation.seq);
      invocation.attempt.abort(closing());
    }
  }

  /** The permit of a handler that waits goes to another one, and the store may hand out one more attempt. */
  readonly #onPause = (invocation: DurableInvocation, isPaused: boolean): void => {
    const { seq, bytes } = invocation;
    if (invocation.isPaused === isPaused || this.#bySeq.get(seq) !== invocation) {
      return;
    }
    const { semaphore, store } = this.#context;
    invocation.isPaused = isPaused;
    if (isPaused) {
      if (invocation.endedBy === undefined) {
        this.#paused.add(invocation);
      }
      semaphore.release();
      store.post({ op: "add-credit", attempts: 1, bytes });
      this.#makeRoom();
    } else {
      this.#paused.delete(invocation);
      semaphore.reacquire();
      store.post({ op: "add-credit", attempts: -1, bytes: -bytes });
    }
  };

  /**
   * Handlers that wait hold memory, so their number and the size of their requests are limited: the handlers that have
   * waited longest make room. Nothing can come to a halt by that: what they wait for finds room, and resumes them.
   */
  #makeRoom(): void {
    const { maxOpen, maxOpenBytes } = this.#context.options;
    for (const invocation of this.#paused) {
      const isFull =
        this.#bySeq.size - this.#leavingCount > maxOpen ||
        this.#openBytes - this.#leavingBytes > maxOpenBytes;
      if (!isFull) {
        return;
      }
      this.#paused.delete(invocation);
      this.#leavingCount += 1;
      this.#leavingBytes += invocation.bytes;
      invocation.suspendedFor = invocation.awaitedThings;
      invocation.endedBy = "suspend";
      // Its waits reject, so that it counts as at work until it is done.
      invocation.attempt.abort(suspended());
    }
  }

  #start(invocation: DurableInvocation): void {
    invocation.leaveQueue = undefined;
    this.#context.attemptCounts.addStarted(invocation.target);
    const handler = this.#context.handlers.get(methodName(invocation.target));
    runHandler(handler, invocation.attempt)
      .then((result) => this.#settle(invocation, result))
      .catch(this.#reportFailure);
  }

  /** Records the result of an attempt, unless the attempt was removed before. */
  #settle(invocation: DurableInvocation, result: AttemptResult): Promise<void> | undefined {
    if (!this.#remove(invocation)) {
      return undefined;
    }
    const { endedBy, suspendedFor } = invocation;
    if (endedBy === "cancel") {
      return recordOutcome(this.#context, invocation, plainFailure(Code.Canceled, "canceled"));
    }
    if (endedBy === "suspend" && suspendedFor !== undefined) {
      return recordSuspension(this.#context, invocation, suspendedFor);
    }
    return result.kind === "outcome"
      ? recordOutcome(this.#context, invocation, result.outcome)
      : recordFailure(this.#context, invocation, result.error);
  }

  /** False if it was removed before. */
  #remove(invocation: DurableInvocation): boolean {
    if (this.#bySeq.get(invocation.seq) !== invocation) {
      return false;
    }
    invocation.attempt.end();
    this.#bySeq.delete(invocation.seq);
    this.#openBytes -= invocation.bytes;
    if (invocation.suspendedFor !== undefined) {
      this.#leavingCount -= 1;
      this.#leavingBytes -= invocation.bytes;
    }
    if (invocation.leaveQueue === undefined) {
      this.#context.semaphore.release();
    } else {
      invocation.leaveQueue();
    }
    return true;
  }

  /** While the engine closes, an attempt is left to the next start. */
  readonly #reportFailure = (error: unknown): void => {
    if (!isPassing(error)) {
      this.#context.options.logger.error("an attempt could not be recorded", { error });
    }
  };
}
