import { Code } from "@connectrpc/connect";
import type { CancelMode, InvocationInfo } from "../../../model/invocation.ts";
import type { Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type { CallResult } from "../../engine.ts";
import {
  type CallerOptions,
  type EngineContext,
  type EngineOperations,
  methodName,
  needsLock,
} from "../engine-context.ts";
import { closing, exhausted, terminationError, tooManyAwakeables } from "../errors.ts";
import { type AttemptResult, attemptFields, internalFailure, runHandler } from "../invoker/run-handler.ts";
import { plainFailure } from "../store/outcome-codec.ts";
import type { StoredCompletion } from "../store/protocol.ts";
import { MemoryCall } from "./memory-call.ts";

/** Plain calls: in memory, run once, answered once. */
export class MemoryCalls {
  readonly #context: EngineContext;
  readonly #open = new Set<MemoryCall>();
  /** The calls whose id somebody has asked for. */
  readonly #byId = new Map<string, MemoryCall>();
  /** The calls that wait for the lock of their key. */
  readonly #byTicket = new Map<number, MemoryCall>();
  #lastTicket = 0;
  /** The calls that have not started. */
  #waitingCount = 0;
  #waitingBytes = 0;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Runs a call, at once or when its key and a handler's permit are free. */
  call(
    operations: EngineOperations,
    target: Target,
    input: Uint8Array,
    options: CallerOptions,
  ): Promise<CallResult> {
    const { signal, invokedBy } = options;
    if (signal?.aborted === true) {
      return Promise.reject(signal.reason);
    }
    const hasLock = needsLock(this.#context, target);
    // A handler's own calls always get in: it has given up its permit for them.
    if (invokedBy === undefined && this.#isFull(input, hasLock)) {
      return Promise.reject(exhausted("queue_full", "too many calls wait to be run"));
    }
    return new Promise((resolve, reject) => {
      const call = new MemoryCall(this.#context, operations, target, input, options, {
        resolve,
        reject,
        onId: (id) => this.#byId.set(id, call),
      });
      this.#open.add(call);
      this.#waitingCount += 1;
      this.#waitingBytes += input.length;
      if (signal !== undefined) {
        call.listen(signal, () => this.#onCallerGone(call, signal.reason));
      }
      if (hasLock) {
        this.#acquireLock(call, target.key);
      } else {
        this.#acquirePermit(call);
      }
    });
  }

  /** The store has granted the lock of a key. */
  onLockGranted(ticket: number): void {
    const call = this.#byTicket.get(ticket);
    this.#byTicket.delete(ticket);
    if (call !== undefined) {
      this.#acquirePermit(call);
    }
  }

  /** False if there is no such call. */
  cancel(id: string, mode: CancelMode): boolean {
    const call = this.#byId.get(id);
    if (call === undefined) {
      return false;
    }
    call.attempt?.abort(terminationError(mode));
    if (mode === "kill") {
      this.#settle(call, plainFailure(Code.Aborted, "killed"));
    } else if (call.attempt === undefined) {
      this.#settle(call, plainFailure(Code.Canceled, "canceled"));
    } else {
      call.isCanceled = true;
    }
    return true;
  }

  /** Completes an awakeable. False if there is no such call. @throws ConnectError beyond the limits. */
  completeAwakeable(id: string, index: number, completion: StoredCompletion, awakeableId: string): boolean {
    const call = this.#byId.get(id);
    if (call === undefined) {
      return false;
    }
    const { maxAwakeables, maxAwakeableBytes } = this.#context.options;
    if (!call.completeAwakeable(index, completion, maxAwakeables, maxAwakeableBytes)) {
      throw tooManyAwakeables(
        awakeableId,
        `more than ${maxAwakeables} values, or ${maxAwakeableBytes} bytes, wait for its invocation to ask for them`,
      );
    }
    return true;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  get(id: string): InvocationInfo | undefined {
    return this.#byId.get(id)?.info();
  }

  /** Rejects calls that have not started, except those of handlers at work. */
  drain(): void {
    for (const call of this.#open) {
      if (call.attempt === undefined && call.options.invokedBy === undefined) {
        this.#remove(call);
        call.reject(closing());
      }
    }
  }

  /** The calls whose handlers have not ended. */
  get openCount(): number {
    return this.#open.size;
  }

  /** Rejects the calls that are left. */
  abandon(): void {
    for (const call of this.#open) {
      call.reject(closing());
      call.attempt?.abort(closing());
    }
    this.#open.clear();
    this.#byId.clear();
  }

  /** The calls whose handlers have not started. */
  get waitingCount(): number {
    return this.#waitingCount;
  }

  #isFull(input: Uint8Array, hasLock: boolean): boolean {
    const { options, semaphore } = this.#context;
    if (this.#open.size >= options.maxOpen + options.maxQueued) {
      return true;
    }
    const hasPermit = !hasLock && semaphore.isFree();
    const isTooMuch = this.#waitingBytes > 0 && this.#waitingBytes + input.length > options.maxQueuedBytes;
    return !hasPermit && (this.#waitingCount >= options.maxQueued || isTooMuch);
  }

  #acquireLock(call: MemoryCall, key: string): void {
    this.#lastTicket += 1;
    const ticket = this.#lastTicket;
    call.ticket = ticket;
    this.#byTicket.set(ticket, call);
    this.#context.store.post({ op: "acquire-lock", ticket, service: call.target.service, key });
  }

  #acquirePermit(call: MemoryCall): void {
    call.leaveQueue = this.#context.semaphore.acquire(() => this.#run(call));
  }

  #run(call: MemoryCall): void {
    call.leaveQueue = undefined;
    this.#waitingCount -= 1;
    this.#waitingBytes -= call.input.length;
    const attempt = call.start();
    const handler = this.#context.handlers.get(methodName(call.target));
    void runHandler(handler, attempt).then((result) => this.#settle(call, this.#outcomeOf(call, result)));
  }

  #outcomeOf(call: MemoryCall, result: AttemptResult): Outcome {
    if (call.isCanceled) {
      return plainFailure(Code.Canceled, "canceled");
    }
    if (result.kind === "outcome") {
      return result.outcome;
    }
    if (call.options.signal?.aborted !== true) {
      this.#context.options.logger.error("a call failed: plain calls are not retried", {
        ...attemptFields(call.target, call.invocationId, 1, call.headers),
        error: result.error,
      });
    }
    return internalFailure(call.target, call.invocationId);
  }

  /** The caller has gone: the handler sees its signal abort, and keeps its permit until it ends. */
  #onCallerGone(call: MemoryCall, reason: unknown): void {
    call.reject(reason);
    if (call.attempt === undefined) {
      this.#settle(call, plainFailure(Code.Canceled, "canceled"));
    } else {
      call.attempt.abort(reason);
    }
  }

  /** The handler is done, or will never run. */
  #settle(call: MemoryCall, outcome: Outcome): void {
    if (this.#remove(call)) {
      call.resolve(outcome);
      if (call.knownId !== undefined) {
        this.#context.outcomeWaiters.settle(call.knownId, {
          outcome,
          expiresAt: new Date(this.#context.clock.now()),
        });
      }
    }
  }

  /** False if it was removed before. */
  #remove(call: MemoryCall): boolean {
    if (!this.#open.delete(call)) {
      return false;
    }
    const { semaphore, store } = this.#context;
    if (call.knownId !== undefined) {
      this.#byId.delete(call.knownId);
    }
    call.end();
    if (call.attempt !== undefined) {
      semaphore.release();
    } else {
      this.#waitingCount -= 1;
      this.#waitingBytes -= call.input.length;
      call.leaveQueue?.();
    }
    if (call.ticket !== undefined) {
      this.#byTicket.delete(call.ticket);
      store.post({ op: "release-lock", ticket: call.ticket });
    }
    return true;
  }
}
