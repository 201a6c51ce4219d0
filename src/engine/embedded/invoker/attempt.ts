import type { Message } from "@bufbuild/protobuf";
import { type AbortNotice, abortSignalOf, LazyAbortSignal } from "../../../model/abort-notice.ts";
import type { AwakeableValue } from "../../../model/invocation.ts";
import type { HeaderList, Outcome } from "../../../model/outcome.ts";
import type { IdempotentTarget, Target, WorkflowRun } from "../../../model/target.ts";
import type {
  Accepted,
  Attempt,
  CallResult,
  EngineCallOptions,
  EngineSendOptions,
  OutcomeOptions,
} from "../../engine.ts";
import type { Caller, EngineOperations } from "../engine-context.ts";
import { formatAwakeableId } from "../ids/awakeable-id.ts";
import type { IdBytes } from "../ids/invocation-id.ts";
import { AttemptAwakeables } from "./attempt-awakeables.ts";

/** The invocation behind an attempt: in the store, or in memory. */
export interface AttemptHost {
  readonly target: Target;
  readonly input: Uint8Array;
  readonly message?: Message | undefined;
  readonly headers: HeaderList;
  /** Its id, which a plain call makes only when it is asked for. */
  readonly invocationId: string;
  readonly idBytes: IdBytes;
  readonly operations: EngineOperations;
  readonly caller: Caller | undefined;
  /** The handler begins to wait for the engine, or continues. */
  setPaused(isPaused: boolean): void;
  /** Calls on behalf of the attempt. `index`: the number of earlier calls and sends to this target. */
  call(target: Target, input: Uint8Array, options: EngineCallOptions, index: number): Promise<CallResult>;
  /** Sends on behalf of the attempt; `index` as above. */
  send(target: Target, input: Uint8Array, options: EngineSendOptions, index: number): Promise<Accepted>;
  attach(id: string, options: OutcomeOptions): Promise<Outcome>;
}

/** One attempt of an invocation: the side of the handler, and below it the side of the engine. */
export class RunningAttempt implements Attempt {
  readonly target: Target;
  readonly input: Uint8Array;
  readonly number: number;
  readonly #host: AttemptHost;
  /** Made when the handler asks: most handlers need none of them. */
  #signal: LazyAbortSignal | undefined;
  #awakeables: AttemptAwakeables | undefined;
  #callCounts: Map<string, number> | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  /** The requests to the engine that the handler waits for. */
  #waits = 0;
  #hasEnded = false;

  constructor(host: AttemptHost, number: number) {
    this.#host = host;
    this.target = host.target;
    this.input = host.input;
    this.number = number;
  }

  get message(): Message | undefined {
    return this.#host.message;
  }

  get headers(): HeaderList {
    return this.#host.headers;
  }

  get invocationId(): string {
    return this.#host.invocationId;
  }

  get signal(): AbortSignal {
    return this.#notice.signal;
  }

  call(target: Target, input: Uint8Array, options: EngineCallOptions = {}): Promise<CallResult> {
    // By name: a spread would miss the members that a class makes on demand.
    const { headers, message, idempotency, reserve } = options;
    const signal = this.#withSignal(options.signal);
    const own = { headers, message, idempotency, reserve, invokedBy: this.invocationId, signal };
    return this.#waitFor(this.#host.call(target, input, own, this.#nextIndex(target)));
  }

  async send(target: Target, input: Uint8Array, options: EngineSendOptions = {}): Promise<Accepted> {
    const index = this.#nextIndex(target);
    if (this.#aborted !== undefined) {
      throw this.#aborted.reason;
    }
    return this.#host.send(target, input, { ...options, invokedBy: this.invocationId }, index);
  }

  attach(id: string, options: OutcomeOptions = {}): Promise<Outcome> {
    return this.#waitFor(this.#host.attach(id, { ...options, signal: this.#withSignal(options.signal) }));
  }

  output(id: string, options?: OutcomeOptions): Promise<Outcome | undefined> {
    return this.#host.operations.output(id, options);
  }

  lookup(which: WorkflowRun | IdempotentTarget): Promise<string> {
    return this.#host.operations.lookup(which);
  }

  get(id: string): ReturnType<Attempt["get"]> {
    return this.#host.operations.get(id);
  }

  cancel(...parameters: Parameters<Attempt["cancel"]>): Promise<void> {
    return this.#host.operations.cancel(...parameters);
  }

  get awakeables(): Attempt["awakeables"] {
    return this.#host.operations.awakeables;
  }

  awakeable(): { readonly id: string; readonly value: Promise<AwakeableValue> } {
    const { index, value } = this.ownAwakeables.next();
    return { id: formatAwakeableId({ invocation: this.#host.idBytes, index }), value };
  }

  /** Engine: its own awakeables. */
  get ownAwakeables(): AttemptAwakeables {
    if (this.#awakeables === undefined) {
      this.#awakeables = new AttemptAwakeables((value) => void this.#waitFor(value).catch(() => undefined));
      if (this.#aborted !== undefined) {
        this.#awakeables.abandon(this.#aborted.reason);
      }
    }
    return this.#awakeables;
  }

  /** Engine: aborts its signal, and rejects the awakeables that it waits for. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    this.#signal?.abort(reason);
    this.#awakeables?.abandon(reason);
  }

  /** Engine: the handler is done. Requests that it left unawaited no longer count as waiting. */
  end(): void {
    this.#hasEnded = true;
    if (this.#waits > 0) {
      this.#host.setPaused(false);
    }
  }

  /** While a handler waits for the engine, another one may have its permit. */
  async #waitFor<T>(promise: Promise<T>): Promise<T> {
    this.#waits += 1;
    if (this.#waits === 1 && !this.#hasEnded) {
      this.#host.setPaused(true);
    }
    try {
      return await promise;
    } finally {
      this.#waits -= 1;
      if (this.#waits === 0 && !this.#hasEnded) {
        this.#host.setPaused(false);
      }
    }
  }

  #nextIndex({ service, method, key }: Target): number {
    this.#callCounts ??= new Map();
    const name = JSON.stringify([service, method, key ?? null]);
    const index = this.#callCounts.get(name) ?? 0;
    this.#callCounts.set(name, index + 1);
    return index;
  }

  #withSignal(other: AbortNotice | undefined): AbortNotice {
    return other === undefined ? this.#notice : AbortSignal.any([this.signal, abortSignalOf(other)]);
  }

  get #notice(): LazyAbortSignal {
    if (this.#signal === undefined) {
      this.#signal = new LazyAbortSignal();
      if (this.#aborted !== undefined) {
        this.#signal.abort(this.#aborted.reason);
      }
    }
    return this.#signal;
  }
}
