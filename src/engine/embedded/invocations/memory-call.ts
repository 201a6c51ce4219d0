import type { Message } from "@bufbuild/protobuf";
import type { AbortNotice } from "../../../model/abort-notice.ts";
import type { InvocationInfo } from "../../../model/invocation.ts";
import type { HeaderList, Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type {
  Accepted,
  CallResult,
  EngineCallOptions,
  EngineSendOptions,
  OutcomeOptions,
} from "../../engine.ts";
import type { Caller, CallerOptions, EngineContext, EngineOperations } from "../engine-context.ts";
import { formatId, type IdBytes, randomId } from "../ids/invocation-id.ts";
import { type AttemptHost, RunningAttempt } from "../invoker/attempt.ts";
import type { StoredCompletion } from "../store/protocol.ts";

/** The caller's end of a call. */
interface CallerEnd {
  resolve(result: CallResult): void;
  reject(reason: unknown): void;
  /** The call has an id from now on. */
  onId(id: string): void;
}

/** One plain call. It has an id once somebody asks for it. */
export class MemoryCall implements AttemptHost {
  readonly target: Target;
  readonly input: Uint8Array;
  readonly options: CallerOptions;
  readonly operations: EngineOperations;
  readonly #context: EngineContext;
  readonly #callerEnd: CallerEnd;
  readonly #createdAt: number;
  #startedAt = 0;
  #idBytes: IdBytes | undefined;
  #id: string | undefined;
  #listener: (() => void) | undefined;
  #hasEnded = false;
  /** Values of awakeables that the handler has not asked for, bytes. */
  #earlyBytes = 0;
  /** Undefined until it starts. */
  attempt: RunningAttempt | undefined;
  /** Its place in the queue for the lock of its key. */
  ticket: number | undefined;
  /** Leaves the queue for a permit. */
  leaveQueue: (() => void) | undefined;
  /** True once it was cancelled: then the handler's reply or error is not its outcome. */
  isCanceled = false;

  constructor(
    context: EngineContext,
    operations: EngineOperations,
    target: Target,
    input: Uint8Array,
    options: CallerOptions,
    callerEnd: CallerEnd,
  ) {
    this.#context = context;
    this.#createdAt = context.clock.now();
    this.operations = operations;
    this.target = target;
    this.input = input;
    this.options = options;
    this.#callerEnd = callerEnd;
  }

  get message(): Message | undefined {
    return this.options.message;
  }

  get headers(): HeaderList {
    return this.options.headers ?? [];
  }

  get caller(): Caller | undefined {
    return this.options.caller;
  }

  /** Its id, if somebody has asked for it. */
  get knownId(): string | undefined {
    return this.#id;
  }

  get invocationId(): string {
    if (this.#id === undefined) {
      this.#id = formatId(this.idBytes);
      if (!this.#hasEnded) {
        this.#callerEnd.onId(this.#id);
      }
    }
    return this.#id;
  }

  get idBytes(): IdBytes {
    if (this.#idBytes === undefined) {
      this.#idBytes = randomId(this.target.key, this.#context.idSource.hash);
      // An awakeable's id, which holds these bytes, leads to the call too.
      void this.invocationId;
    }
    return this.#idBytes;
  }

  /** Calls `onAbort` if the signal aborts before the call has ended. */
  listen(signal: AbortNotice, onAbort: () => void): void {
    this.#listener = onAbort;
    signal.addEventListener("abort", onAbort);
  }

  /** Starts its only attempt. */
  start(): RunningAttempt {
    this.#startedAt = this.#context.clock.now();
    this.attempt = new RunningAttempt(this, 1);
    return this.attempt;
  }

  /** Its handler is done, or will never run. */
  end(): void {
    this.#hasEnded = true;
    if (this.#listener !== undefined) {
      this.options.signal?.removeEventListener("abort", this.#listener);
    }
    this.attempt?.end();
  }

  resolve(outcome: Outcome): void {
    this.#callerEnd.resolve(new MemoryCallResult(this, outcome));
  }

  reject(reason: unknown): void {
    this.#callerEnd.reject(reason);
  }

  /** False beyond the limits of values that the handler has not asked for. */
  completeAwakeable(
    index: number,
    completion: StoredCompletion,
    maxCount: number,
    maxBytes: number,
  ): boolean {
    const awakeables = this.attempt?.ownAwakeables;
    if (awakeables === undefined || awakeables.isCompleted(index)) {
      return true;
    }
    if (awakeables.isRequested(index)) {
      awakeables.complete(index, () => completion);
      return true;
    }
    const bytes = completion.body.length;
    if (awakeables.earlyCount >= maxCount || this.#earlyBytes + bytes > maxBytes) {
      return false;
    }
    this.#earlyBytes += bytes;
    awakeables.complete(index, () => {
      this.#earlyBytes -= bytes;
      return completion;
    });
    return true;
  }

  info(): InvocationInfo {
    const isRunning = this.attempt !== undefined;
    return {
      id: this.invocationId,
      target: this.target,
      state: isRunning ? "running" : "pending",
      attempts: isRunning ? 1 : 0,
      createdAt: new Date(this.#createdAt),
      modifiedAt: new Date(isRunning ? this.#startedAt : this.#createdAt),
      invokedBy: this.options.invokedBy,
    };
  }

  setPaused(isPaused: boolean): void {
    if (isPaused) {
      this.#context.semaphore.release();
    } else {
      this.#context.semaphore.reacquire();
    }
  }

  /** It runs once: its calls need no index to be found again. */
  call(target: Target, input: Uint8Array, options: EngineCallOptions): Promise<CallResult> {
    return this.operations.call(target, input, { ...options, caller: this });
  }

  send(target: Target, input: Uint8Array, options: EngineSendOptions): Promise<Accepted> {
    return this.operations.send(target, input, options);
  }

  attach(id: string, options: OutcomeOptions): Promise<Outcome> {
    return this.operations.attach(id, options);
  }
}

/**
 * The result of a plain call. A class, because V8 makes a hidden class of its own for each object literal with a
 * getter, in the old part of the heap, and it would keep the call alive until the next full collection.
 */
class MemoryCallResult implements CallResult {
  readonly outcome: Outcome;
  readonly #call: MemoryCall;

  constructor(call: MemoryCall, outcome: Outcome) {
    this.#call = call;
    this.outcome = outcome;
  }

  get id(): string {
    return this.#call.invocationId;
  }
}
