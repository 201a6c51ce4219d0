import type { Message } from "@bufbuild/protobuf";
import type { AbortNotice } from "../model/abort-notice.ts";
import type { Awaitable } from "../model/awaitable.ts";
import type { DurationCounts } from "../model/duration-counts.ts";
import type { HandlerKind } from "../model/handler-kind.ts";
import type {
  AwakeableValue,
  CancelMode,
  Idempotency,
  InvocationDetails,
  InvocationInfo,
  InvocationStateName,
} from "../model/invocation.ts";
import type { HeaderList, Outcome, Reply } from "../model/outcome.ts";
import type { ServiceKind } from "../model/service-kind.ts";
import type { IdempotentTarget, Target, WorkflowRun } from "../model/target.ts";

/**
 * The seam between the ingress and what executes invocations. The ingress knows protocols and
 * descriptors; an engine knows bytes and ids, and never sees HTTP. Messages are Protobuf bytes.
 *
 * Every method rejects with a `ConnectError`: `invalid_argument` for a malformed id, `not_found` for an
 * unknown one, `already_exists` for an idempotency key that was used with another input,
 * `resource_exhausted` (with `retry-after`, s, in its metadata) beyond a limit, `unavailable` while
 * closing.
 */
export interface Engine {
  /** The name of the implementation: `embedded`, `restate`, or another one's own. */
  readonly name: string;

  /** Recovers what was acknowledged and not finished, then runs it with these handlers. */
  start(services: readonly ServiceHandlers[]): Promise<void>;

  /** Request-response: resolves with the outcome, a failure of the handler included. */
  call(target: Target, input: Uint8Array, options?: EngineCallOptions): Promise<CallResult>;

  /** One-way: resolves once the invocation is durable. */
  send(target: Target, input: Uint8Array, options?: EngineSendOptions): Promise<Accepted>;

  /** Waits for an outcome. Aborting `signal` ends the wait with its reason, not the invocation. */
  attach(id: string, options?: OutcomeOptions): Promise<Outcome>;

  /** The outcome of a completed invocation, or undefined if it has not completed. Does not wait. */
  output(id: string, options?: Pick<OutcomeOptions, "reserve">): Promise<Outcome | undefined>;

  /** The id of the invocation that is meant, whether there is one yet or not. */
  lookup(which: WorkflowRun | IdempotentTarget): Promise<string>;

  /** What is known of an invocation, or undefined. */
  get(id: string): Promise<InvocationInfo | undefined>;

  /** Everything that is known of an invocation besides its outcome, or undefined. */
  inspect(id: string): Promise<InvocationDetails | undefined>;

  /**
   * A page of invocations, the newest first unless asked otherwise. It may have fewer than asked for, and a token to go
   * on with, because looking for more takes too long.
   */
  list(query: InvocationQuery): Promise<InvocationPage>;

  /** How many invocations each service has in each state. */
  count(): Promise<readonly InvocationCount[]>;

  /** How full the engine is. */
  statistics(): Promise<EngineStatistics>;

  /**
   * Resolves if a send would be accepted now: the store has been written to, or the server behind the engine has
   * answered. Rejects with the reason why not: `unavailable`, or `resource_exhausted` for a full store.
   */
  checkWritable(): Promise<void>;

  /** Ends an invocation ({@link CancelMode}). Resolves once the request is recorded. */
  cancel(id: string, mode: CancelMode): Promise<void>;

  /** Deletes a completed invocation and its outcome. Rejects with `failed_precondition` if it has not completed. */
  purge(id: string): Promise<void>;

  /** Completes awakeables. The first completion wins; later ones are ignored. */
  readonly awakeables: {
    /** Rejects with `invalid_argument` when the id is malformed. */
    resolve(id: string, value: AwakeableValue): Promise<void>;
    /** The handler that waits sees a terminal error with this reason. */
    reject(id: string, reason: string): Promise<void>;
  };

  /**
   * Takes no more work, lets running handlers finish for at most `drainMs` (ms), and releases everything.
   * Calls that have not started are `unavailable` at once. Also while the engine starts: `start` rejects then.
   * A second call waits for the first one's end.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** How to wait for an outcome, and how to take it over. */
export interface OutcomeOptions {
  /** Ends the wait with its reason. */
  readonly signal?: AbortNotice | undefined;
  /** Asked for room before the outcome is loaded. */
  readonly reserve?: ReserveOutcome | undefined;
}

/**
 * Called with the size of an outcome, bytes, before it is loaded from the store. Once it resolves, the outcome is
 * loaded; if it throws or rejects, the request for the outcome rejects with that error, and nothing is loaded. Not
 * called for an outcome that has no response message.
 */
export type ReserveOutcome = (bytes: number) => void | Promise<void>;

/** Options of a call, in addition to its target and input. */
export interface EngineCallOptions {
  /** Headers for the handler. */
  readonly headers?: HeaderList | undefined;
  /**
   * The decoded message that the input holds. An engine that runs the handler in this process may pass it on, so that
   * it is not decoded again.
   */
  readonly message?: Message | undefined;
  /** Makes the call durable: a second one with the same key joins or replays the first. */
  readonly idempotency?: Idempotency | undefined;
  /** The invocation whose handler makes this call. */
  readonly invokedBy?: string | undefined;
  /**
   * Aborts when the caller has gone or its deadline has passed. A plain call's handler sees it; a durable
   * call goes on and only the wait ends.
   */
  readonly signal?: AbortNotice | undefined;
  /** Asked for room before the outcome of a durable call is loaded, which may be that of an earlier call. */
  readonly reserve?: ReserveOutcome | undefined;
}

/** Options of a send, in addition to its target and input. */
export interface EngineSendOptions {
  /** Headers for the handler. */
  readonly headers?: HeaderList | undefined;
  /** A second send with the same key is the first one. */
  readonly idempotency?: Idempotency | undefined;
  /** The invocation whose handler sends this. */
  readonly invokedBy?: string | undefined;
  /** Run this many ms from now, or later. */
  readonly delayMs?: number | undefined;
}

/** How a call ended. */
export interface CallResult {
  /** The id of the invocation. */
  readonly id: string;
  /** Its outcome, a failure of the handler included. */
  readonly outcome: Outcome;
  /** Until when a call with an idempotency key is replayed. */
  readonly expiresAt?: Date | undefined;
}

/** A one-way invocation that is durable. */
export interface Accepted {
  /** The id of the invocation. */
  readonly id: string;
  /** True when the idempotency key had been used before and `id` is the first invocation's. */
  readonly duplicate: boolean;
  /** When a delayed invocation is due, or was: a duplicate answers with the first one's time. */
  readonly executeAt?: Date | undefined;
}

/** Which invocations to list: those that meet all that is given. */
export interface InvocationQuery {
  /** Only those of this service, by its fully qualified name. */
  readonly service?: string | undefined;
  /** Only those of methods with this Protobuf name. */
  readonly method?: string | undefined;
  /** Only those of this object key. */
  readonly key?: string | undefined;
  /** Only those in one of these states. */
  readonly states?: readonly InvocationStateName[] | undefined;
  /** Only invocations created at least this long ago, ms. */
  readonly minAgeMs?: number | undefined;
  /** Only invocations created within this time, ms. */
  readonly maxAgeMs?: number | undefined;
  /** Only invocations that the handler of this one made. */
  readonly invokedBy?: string | undefined;
  /** The oldest first. Default: the newest first. */
  readonly oldestFirst?: boolean | undefined;
  /** At most this many. */
  readonly pageSize: number;
  /** `nextPageToken` of the page before. */
  readonly pageToken?: string | undefined;
}

/** A part of a list of invocations. */
export interface InvocationPage {
  /** The newest first. */
  readonly invocations: readonly InvocationInfo[];
  /** Asks for the next page. Missing on the last one. */
  readonly nextPageToken?: string | undefined;
}

/** How full an engine is. */
export interface EngineStatistics {
  /** When the oldest invocation that waits for its turn was created. Undefined: none waits, or it is unknown. */
  readonly oldestPendingAt?: Date | undefined;
  /** The key behind which most invocations wait. Undefined: none waits, or it is unknown. */
  readonly longestQueue?:
    | { readonly service: string; readonly key: string; readonly length: number }
    | undefined;
  /** The size of the store, bytes. */
  readonly storeBytes?: number | undefined;
  /** Plain calls whose handlers have not started. Undefined: it is unknown. */
  readonly waitingCalls?: number | undefined;
  /** The attempts of durable invocations since the start of the engine. Undefined: they are unknown. */
  readonly attempts?: readonly MethodAttempts[] | undefined;
  /** How long the commits of the store have taken since its start, flush included. Undefined: it is unknown. */
  readonly commits?: DurationCounts | undefined;
  /**
   * The names of those among `oldestPendingAt`, `longestQueue` and `storeBytes` that the engine does not know, in
   * snake case.
   */
  readonly unknown: readonly string[];
}

/** The attempts of a method's durable invocations. */
export interface MethodAttempts {
  /** The fully qualified name of its service. */
  readonly service: string;
  /** Its Protobuf name. */
  readonly method: string;
  /** The attempts that were started. */
  readonly started: number;
  /** The attempts that failed and are repeated. */
  readonly retried: number;
}

/** How many invocations of a service are in a state. */
export interface InvocationCount {
  /** Its fully qualified name. */
  readonly service: string;
  /** The state. */
  readonly state: InvocationStateName;
  /** How many there are, at least 1. */
  readonly count: number;
}

/** A service as an engine sees it. */
export interface ServiceHandlers {
  /** Its fully qualified name. */
  readonly name: string;
  /** How its invocations are scheduled, and whether they have keys. */
  readonly kind: ServiceKind;
  /** By Protobuf name of the method. */
  readonly methods: ReadonlyMap<string, Handler>;
  /**
   * How the invocations of each method run relative to others with the same key, by Protobuf name. Default: that of
   * the service's kind, one at a time if it has keys.
   */
  readonly handlerKinds?: ReadonlyMap<string, HandlerKind>;
  /** How the service's own server takes requests, for engines that do not run the handlers. Default: `binary`. */
  readonly format?: "binary" | "json";
  /** Puts messages into JSON and back, for engines whose servers may speak it. */
  readonly json?: JsonMessages;
}

/** The messages of a service's methods, by Protobuf name, as UTF-8 JSON. */
export interface JsonMessages {
  /** Throws `invalid_argument` if the bytes are not a valid request of the method. */
  encodeRequest(method: string, request: Uint8Array): Uint8Array;
  /** Throws `internal` if the JSON is not a valid response of the method. */
  decodeResponse(method: string, json: Uint8Array): Uint8Array;
}

/**
 * Runs one attempt of an invocation. A thrown `ConnectError` is terminal: it is the outcome. Any other
 * error is retried where the invocation is durable.
 */
export type Handler = (attempt: Attempt) => Awaitable<Reply>;

/** What both the ingress and a running handler may do: an engine does it, an attempt does it in its own name. */
export type Operations = Pick<
  Engine,
  "call" | "send" | "attach" | "output" | "lookup" | "get" | "cancel" | "awakeables"
>;

/**
 * One attempt of an invocation, and what its handler may do through the engine. Its `call` and `send`
 * carry the invocation's id as `invokedBy`, end early when `signal` aborts, and are not repeated by a
 * retried attempt: the n-th call or send of each attempt is one and the same.
 */
export interface Attempt extends Operations {
  /** The same for all attempts. */
  readonly invocationId: string;
  /** What is invoked. */
  readonly target: Target;
  /** The request message. */
  readonly input: Uint8Array;
  /** The same, decoded, where that is at hand. */
  readonly message?: Message | undefined;
  /** Headers of the request. */
  readonly headers: HeaderList;
  /** 1 for the first attempt. */
  readonly number: number;
  /**
   * Aborts on cancel, on kill, when a plain call's caller has gone, when the engine closes, and when the
   * attempt has to make room for others while it waits: it is repeated then.
   */
  readonly signal: AbortSignal;
  /** The n-th awakeable of each attempt is one and the same. Rejecting it rejects `value` with a `ConnectError`. */
  awakeable(): { readonly id: string; readonly value: Promise<AwakeableValue> };
}
