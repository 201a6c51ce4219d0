import type { HeaderList, Outcome } from "../../../model/outcome.ts";
import type { Target } from "../../../model/target.ts";
import type {
  Accepted,
  CallResult,
  EngineCallOptions,
  EngineSendOptions,
  OutcomeOptions,
} from "../../engine.ts";
import type { EngineContext, EngineOperations } from "../engine-context.ts";
import { formatId, type IdBytes, parseId } from "../ids/invocation-id.ts";
import { callDurably, sendDurably } from "../invocations/durable-calls.ts";
import { type Identity, ownIdentity } from "../invocations/identity.ts";
import { expectKind } from "../invocations/load-outcome.ts";
import { decodeHeaders } from "../store/outcome-codec.ts";
import type { RunEffect, StoredCompletion } from "../store/protocol.ts";
import { type AttemptHost, RunningAttempt } from "./attempt.ts";
import type { AwaitedThings, ReportedAttempt } from "./report-attempt.ts";

/**
 * A durable invocation with an attempt in flight. Its calls and sends are durable and known by their index in the
 * attempt, so that a repeated attempt finds those of the first one; unless the handler gives them a key of its own.
 */
export class DurableInvocation implements AttemptHost, ReportedAttempt {
  readonly seq: number;
  readonly idBytes: IdBytes;
  readonly target: Target;
  readonly input: Uint8Array;
  readonly number: number;
  readonly operations: EngineOperations;
  /** The store knows its callers. */
  readonly caller: undefined;
  readonly attempt: RunningAttempt;
  readonly #context: EngineContext;
  readonly #headers: string | null;
  readonly #onPause: (invocation: DurableInvocation, isPaused: boolean) => void;
  /** The invocations that its handler waits for. */
  #awaited: Set<{ readonly id: IdBytes }> | undefined;
  #id: string | undefined;
  /** Leaves the queue for a permit. Undefined once the handler is at work. */
  leaveQueue: (() => void) | undefined;
  isPaused = false;
  /** How it was ended from outside: then the handler's reply or error is not its outcome. */
  endedBy: "cancel" | "kill" | "close" | "suspend" | undefined;
  /** What it waited for when it had to make room. */
  suspendedFor: AwaitedThings | undefined;

  constructor(
    context: EngineContext,
    operations: EngineOperations,
    effect: RunEffect,
    onPause: (invocation: DurableInvocation, isPaused: boolean) => void,
  ) {
    const { seq, id, service, method, key, input, headers, attempts } = effect;
    this.#context = context;
    this.#onPause = onPause;
    this.#headers = headers;
    this.seq = seq;
    this.idBytes = id;
    this.target = { service, method, key: key ?? undefined };
    this.input = input;
    this.number = attempts + 1;
    this.operations = operations;
    this.attempt = new RunningAttempt(this, this.number);
    for (const index of effect.completedAwakeables) {
      this.completeAwakeable(index);
    }
  }

  get headers(): HeaderList {
    return decodeHeaders(this.#headers);
  }

  get invocationId(): string {
    this.#id ??= formatId(this.idBytes);
    return this.#id;
  }

  /** The size of its request in the store. */
  get bytes(): number {
    return this.input.length + (this.#headers?.length ?? 0);
  }

  /** The things that its handler waits for. */
  get awaitedThings(): AwaitedThings {
    return {
      invocations: [...(this.#awaited ?? [])].map(({ id }) => id),
      awakeables: this.attempt.ownAwakeables.awaited,
    };
  }

  setPaused(isPaused: boolean): void {
    this.#onPause(this, isPaused);
  }

  /** The value of a completed awakeable is loaded when the handler asks for it. */
  completeAwakeable(index: number): void {
    this.attempt.ownAwakeables.complete(index, () => this.#loadAwakeable(index));
  }

  call(target: Target, input: Uint8Array, options: EngineCallOptions, index: number): Promise<CallResult> {
    const identity = ownIdentity(this.#context, target, options) ?? this.#identityAt(index);
    return callDurably(this.#context, target, input, options, identity, (id) => this.#waitFor(id));
  }

  send(target: Target, input: Uint8Array, options: EngineSendOptions, index: number): Promise<Accepted> {
    const identity = ownIdentity(this.#context, target, options) ?? this.#identityAt(index);
    return sendDurably(this.#context, target, input, options, identity);
  }

  async attach(id: string, options: OutcomeOptions): Promise<Outcome> {
    const bytes = parseId(id);
    const endWait = bytes && this.#waitFor(bytes);
    try {
      return await this.operations.attach(id, options);
    } finally {
      endWait?.();
    }
  }

  #identityAt(index: number): Identity {
    return { kind: "call-index", parent: this.invocationId, parentSeq: this.seq, index };
  }

  #waitFor(id: IdBytes): () => void {
    const wait = { id };
    this.#awaited ??= new Set();
    const awaited = this.#awaited.add(wait);
    return () => awaited.delete(wait);
  }

  async #loadAwakeable(index: number): Promise<StoredCompletion> {
    const response = await this.#context.store.request({ op: "load-awakeable", seq: this.seq, index });
    const { completion } = expectKind(response, "awakeable");
    if (completion === null) {
      throw new Error(`awakeable ${index} of ${this.invocationId} is no longer stored: it has completed`);
    }
    return completion;
  }
}
