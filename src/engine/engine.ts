import type { Code } from "@connectrpc/connect";
import type { HandlerKind } from "../contract/handler-kind.ts";
import type { ServiceKind } from "../contract/service-kind.ts";

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
  /** Recovers what was acknowledged and not finished, then runs it with these handlers. */
  start(services: readonly ServiceHandlers[]): Promise<void>;

  /** Request-response: resolves with the outcome, a failure of the handler included. */
  call(target: Target, input: Uint8Array, options?: CallOptions): Promise<CallResult>;

  /** One-way: resolves once the invocation is durable. */
  send(target: Target, input: Uint8Array, options?: SendOptions): Promise<Accepted>;

  /** Waits for an outcome. Aborting `signal` ends the wait with its reason, not the invocation. */
  attach(id: string, signal?: AbortSignal): Promise<Outcome>;

  /** The outcome of an invocation that has ended, or undefined. Does not wait. */
  output(id: string): Promise<Outcome | undefined>;

  /** The id of the invocation that is meant, whether there is one yet or not. */
  lookup(which: WorkflowRun | IdempotentInvocation): Promise<string>;

  /** What is known of an invocation, or undefined. */
  get(id: string): Promise<InvocationInfo | undefined>;

  /** A page of invocations, the newest first. */
  list(query: InvocationQuery): Promise<InvocationPage>;

  /** How many invocations each service has in each state. */
  count(): Promise<readonly InvocationCount[]>;

  /** Ends an invocation ({@link CancelMode}). Resolves once the request is recorded. */
  cancel(id: string, mode: CancelMode): Promise<void>;

  /** Completes awakeables. The first completion wins; later ones are ignored. */
  readonly awakeables: {
    resolve(id: string, value: AwakeableValue): Promise<void>;
    reject(id: string, reason: string): Promise<void>;
  };

  /**
   * Takes no more work, lets running handlers finish for at most `drainMs` (ms), and releases everything.
   * Calls that have not started are `unavailable` at once. Also while the engine starts: `start` rejects then.
   * A second call waits for the first one's end.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** What to invoke. */
export interface Target {
  /** Fully qualified name of the service. */
  readonly service: string;
  /** Protobuf name of the method. */
  readonly method: string;
  /** The object key or the workflow's id: undefined for an UNKEYED service, "" for a SINGLETON. */
  readonly key: string | undefined;
}

/** A workflow: it runs once, so that it stands for that invocation. */
export interface WorkflowRun {
  /** Fully qualified name of the service. */
  readonly service: string;
  /** The id that the workflow was submitted with: the key of its targets. */
  readonly id: string;
}

/** The invocation that was made of this target with an idempotency key. */
export interface IdempotentInvocation extends Target {
  readonly idempotencyKey: string;
}

/** Header names (lower case) and values, in order; a name may repeat. Plain data: it is stored. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface CallOptions {
  /** Headers for the handler. */
  readonly headers?: HeaderList;
  /** Makes the call durable: a second one with the same key joins or replays the first. */
  readonly idempotency?: Idempotency;
  /** The invocation whose handler makes this call. */
  readonly invokedBy?: string;
  /**
   * Aborts when the caller has gone or its deadline has passed. A plain call's handler sees it; a durable
   * call goes on and only the wait ends.
   */
  readonly signal?: AbortSignal;
}

export interface SendOptions {
  readonly headers?: HeaderList;
  readonly idempotency?: Idempotency;
  readonly invokedBy?: string;
  /** Run this many ms from now, or later. */
  readonly delayMs?: number;
}

export interface Idempotency {
  /** Scoped to service, method and object key. */
  readonly key: string;
  /** How long the outcome is kept after completion, ms. Default: the engine's. */
  readonly retentionMs?: number;
}

export interface CallResult {
  readonly id: string;
  readonly outcome: Outcome;
  /** Until when a call with an idempotency key is replayed. */
  readonly expiresAt?: Date;
}

export interface Accepted {
  readonly id: string;
  /** True when the idempotency key had been used before and `id` is the first invocation's. */
  readonly duplicate: boolean;
  /** When a delayed invocation is due, or was: a duplicate answers with the first one's time. */
  readonly executeAt?: Date;
}

/** How an invocation ended. */
export type Outcome = Success | Failed;

export interface Success extends Reply {
  readonly ok: true;
}

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
}

/** A terminal error, as plain data: it is stored. */
export interface Failure {
  readonly code: Code;
  readonly message: string;
  readonly details: readonly { readonly type: string; readonly value: Uint8Array }[];
  readonly metadata: HeaderList;
}

export type CancelMode =
  /** A running handler sees its signal abort, and the invocation fails with `canceled`; a waiting one never runs. */
  | "cancel"
  /** Fails with `aborted` at once, without waiting for the handler. */
  | "kill"
  /** Forgets an ended invocation; `failed_precondition` for one that has not ended. */
  | "purge";

/** What a handler of the ingress resolved an awakeable with. */
export interface AwakeableValue {
  /** `json`: UTF-8 JSON text. */
  readonly format: "binary" | "json";
  readonly bytes: Uint8Array;
}

export type InvocationState = "scheduled" | "pending" | "running" | "backing-off" | "succeeded" | "failed";

export interface InvocationInfo {
  readonly id: string;
  readonly target: Target;
  readonly state: InvocationState;
  /** Attempts started so far. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  /** Due time, while scheduled or backing off. */
  readonly nextAttemptAt?: Date;
  readonly completedAt?: Date;
  readonly expiresAt?: Date;
  readonly lastFailure?: { readonly code: Code; readonly message: string };
  readonly invokedBy?: string;
}

export interface InvocationQuery {
  readonly service?: string;
  readonly method?: string;
  readonly key?: string;
  readonly states?: readonly InvocationState[];
  /** Only invocations created at least this long ago, ms. */
  readonly minAgeMs?: number;
  readonly pageSize: number;
  /** `nextPageToken` of the page before. */
  readonly pageToken?: string;
}

export interface InvocationPage {
  readonly invocations: readonly InvocationInfo[];
  readonly nextPageToken?: string;
}

export interface InvocationCount {
  readonly service: string;
  readonly state: InvocationState;
  readonly count: number;
}

/** A service as an engine sees it. */
export interface ServiceHandlers {
  readonly name: string;
  readonly kind: ServiceKind;
  /** By Protobuf name of the method. */
  readonly methods: ReadonlyMap<string, Handler>;
  /**
   * How the invocations of each method run beside others of their key, by Protobuf name. Default: as the
   * service's kind has it, one at a time where there are keys.
   */
  readonly handlerKinds?: ReadonlyMap<string, HandlerKind>;
  /** How the service's own server takes requests, for engines that do not run the handlers. Default: `binary`. */
  readonly format?: "binary" | "json";
  /** Puts messages into JSON and back, for engines whose servers may speak it. */
  readonly json?: JsonMessages;
}

/** The messages of a service's methods, by Protobuf name, as UTF-8 JSON. */
export interface JsonMessages {
  /** Throws `invalid_argument` when the bytes are no request of the method. */
  encodeRequest(method: string, request: Uint8Array): Uint8Array;
  /** Throws `internal` when the JSON is no response of the method. */
  decodeResponse(method: string, json: Uint8Array): Uint8Array;
}

/**
 * Runs one attempt of an invocation. A thrown `ConnectError` is terminal: it is the outcome. Any other
 * error is retried where the invocation is durable.
 */
export type Handler = (attempt: Attempt) => Promise<Reply>;

export interface Reply {
  readonly output: Uint8Array;
  readonly headers: HeaderList;
  readonly trailers: HeaderList;
}

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
  readonly invocationId: string;
  readonly target: Target;
  readonly input: Uint8Array;
  readonly headers: HeaderList;
  /** 1 for the first attempt. */
  readonly number: number;
  /** Aborts on cancel, on kill, when a plain call's caller has gone, and when the engine closes. */
  readonly signal: AbortSignal;
  /** The n-th awakeable of each attempt is one and the same. Rejecting it rejects `value` with a `ConnectError`. */
  awakeable(): { readonly id: string; readonly value: Promise<AwakeableValue> };
}
