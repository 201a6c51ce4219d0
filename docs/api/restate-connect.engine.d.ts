// What "restate-connect/engine" exports. Written by npm run api: do not edit.

export { LogFields, Logger } from "restate-connect/ingress";

export interface AbortNotice {
    readonly aborted: boolean;
    readonly reason: unknown;
    throwIfAborted(): void;
    addEventListener(type: "abort", listener: () => void): void;
    removeEventListener(type: "abort", listener: () => void): void;
}

export interface Accepted {
    readonly id: string;
    readonly duplicate: boolean;
    readonly executeAt?: Date | undefined;
}

export interface Attempt extends Operations {
    readonly invocationId: string;
    readonly target: Target;
    readonly input: Uint8Array;
    readonly message?: Message | undefined;
    readonly headers: HeaderList;
    readonly number: number;
    readonly signal: AbortSignal;
    awakeable(): {
        readonly id: string;
        readonly value: Promise<AwakeableValue>;
    };
}

export interface AwakeableValue {
    readonly format: "binary" | "json";
    readonly bytes: Uint8Array;
}

export interface CallResult {
    readonly id: string;
    readonly outcome: Outcome;
    readonly expiresAt?: Date | undefined;
}

export type CancelMode = "cancel" | "kill";

export interface DurationCounts {
    readonly boundsMs: readonly number[];
    readonly counts: readonly number[];
    readonly sumMs: number;
}

export interface EmbeddedOptions {
    readonly path: string;
    readonly retry?: RetryPolicy | undefined;
    readonly retentionMs?: number | undefined;
    readonly maxRunning?: number | undefined;
    readonly maxQueued?: number | undefined;
    readonly maxQueuedBytes?: number | undefined;
    readonly maxStoreBytes?: number | undefined;
    readonly maxRunningBytes?: number | undefined;
    readonly maxAwakeables?: number | undefined;
    readonly maxAwakeableBytes?: number | undefined;
    readonly maxDelayMs?: number | undefined;
    readonly maxRetentionMs?: number | undefined;
    readonly redactedHeaders?: readonly string[] | undefined;
    readonly onFatal?: ((error: Error) => void) | undefined;
    readonly logger?: Logger | undefined;
}

export interface Engine {
    readonly name: string;
    start(services: readonly ServiceHandlers[]): Promise<void>;
    call(target: Target, input: Uint8Array, options?: EngineCallOptions): Promise<CallResult>;
    send(target: Target, input: Uint8Array, options?: EngineSendOptions): Promise<Accepted>;
    attach(id: string, options?: OutcomeOptions): Promise<Outcome>;
    output(id: string, options?: Pick<OutcomeOptions, "reserve">): Promise<Outcome | undefined>;
    lookup(which: WorkflowRun | IdempotentTarget): Promise<string>;
    get(id: string): Promise<InvocationInfo | undefined>;
    inspect(id: string): Promise<InvocationDetails | undefined>;
    list(query: InvocationQuery): Promise<InvocationPage>;
    count(): Promise<readonly InvocationCount[]>;
    statistics(): Promise<EngineStatistics>;
    checkWritable(): Promise<void>;
    cancel(id: string, mode: CancelMode): Promise<void>;
    purge(id: string): Promise<void>;
    readonly awakeables: {
        resolve(id: string, value: AwakeableValue): Promise<void>;
        reject(id: string, reason: string): Promise<void>;
    };
    close(options?: {
        readonly drainMs?: number;
    }): Promise<void>;
}

export interface EngineCallOptions {
    readonly headers?: HeaderList | undefined;
    readonly message?: Message | undefined;
    readonly idempotency?: Idempotency | undefined;
    readonly invokedBy?: string | undefined;
    readonly signal?: AbortNotice | undefined;
    readonly reserve?: ReserveOutcome | undefined;
}

export interface EngineSendOptions {
    readonly headers?: HeaderList | undefined;
    readonly idempotency?: Idempotency | undefined;
    readonly invokedBy?: string | undefined;
    readonly delayMs?: number | undefined;
}

export interface EngineStatistics {
    readonly oldestPendingAt?: Date | undefined;
    readonly longestQueue?: {
        readonly service: string;
        readonly key: string;
        readonly length: number;
    } | undefined;
    readonly storeBytes?: number | undefined;
    readonly waitingCalls?: number | undefined;
    readonly attempts?: readonly MethodAttempts[] | undefined;
    readonly commits?: DurationCounts | undefined;
    readonly unknown: readonly string[];
}

export interface Failed {
    readonly ok: false;
    readonly failure: Failure;
}

export interface FailedAttempt {
    readonly failedAt: Date;
    readonly code: Code;
    readonly message: string;
}

export interface Failure {
    readonly code: Code;
    readonly message: string;
    readonly details: readonly {
        readonly type: string;
        readonly value: Uint8Array;
    }[];
    readonly metadata: HeaderList;
}

export type Handler = (attempt: Attempt) => Awaitable<Reply>;

export type HeaderList = readonly (readonly [
    name: string,
    value: string
])[];

export interface Idempotency {
    readonly key: string;
    readonly scope?: string | undefined;
    readonly retentionMs?: number | undefined;
}

export interface IdempotentTarget extends Target {
    readonly idempotencyKey: string;
    readonly scope?: string | undefined;
}

export interface InvocationCount {
    readonly service: string;
    readonly state: InvocationStateName;
    readonly count: number;
}

export interface InvocationDetails {
    readonly info: InvocationInfo;
    readonly input: Uint8Array | undefined;
    readonly headers: HeaderList | undefined;
    readonly failedAttempts: readonly FailedAttempt[] | undefined;
    readonly awakeables: readonly string[] | undefined;
    readonly waitsFor: readonly string[] | undefined;
}

export interface InvocationInfo {
    readonly id: string;
    readonly target: Target;
    readonly state: InvocationStateName;
    readonly attempts: number;
    readonly createdAt: Date;
    readonly modifiedAt: Date;
    readonly nextAttemptAt?: Date | undefined;
    readonly completedAt?: Date | undefined;
    readonly expiresAt?: Date | undefined;
    readonly lastFailure?: {
        readonly code: Code;
        readonly message: string;
    } | undefined;
    readonly invokedBy?: string | undefined;
}

export interface InvocationPage {
    readonly invocations: readonly InvocationInfo[];
    readonly nextPageToken?: string | undefined;
}

export interface InvocationQuery {
    readonly service?: string | undefined;
    readonly method?: string | undefined;
    readonly key?: string | undefined;
    readonly states?: readonly InvocationStateName[] | undefined;
    readonly minAgeMs?: number | undefined;
    readonly maxAgeMs?: number | undefined;
    readonly invokedBy?: string | undefined;
    readonly oldestFirst?: boolean | undefined;
    readonly pageSize: number;
    readonly pageToken?: string | undefined;
}

export type InvocationStateName = "scheduled" | "pending" | "running" | "backing-off" | "succeeded" | "failed";

export interface JsonMessages {
    encodeRequest(method: string, request: Uint8Array): Uint8Array;
    decodeResponse(method: string, json: Uint8Array): Uint8Array;
}

export interface MethodAttempts {
    readonly service: string;
    readonly method: string;
    readonly started: number;
    readonly retried: number;
}

export type Operations = Pick<Engine, "call" | "send" | "attach" | "output" | "lookup" | "get" | "cancel" | "awakeables">;

export type Outcome = Success | Failed;

export interface OutcomeOptions {
    readonly signal?: AbortNotice | undefined;
    readonly reserve?: ReserveOutcome | undefined;
}

export interface Reply {
    readonly output: Uint8Array;
    readonly headers: HeaderList;
    readonly trailers: HeaderList;
}

export type ReserveOutcome = (bytes: number) => void | Promise<void>;

export interface RestateOptions {
    readonly ingressUrl: string;
    readonly adminUrl: string;
    readonly httpVersion?: "1.1" | "2" | undefined;
    readonly callTimeoutMs?: number | undefined;
}

export interface RetryPolicy {
    readonly initialIntervalMs?: number | undefined;
    readonly factor?: number | undefined;
    readonly maxIntervalMs?: number | undefined;
    readonly maxAttempts?: number | undefined;
}

export interface ServiceHandlers {
    readonly name: string;
    readonly kind: ServiceKind;
    readonly methods: ReadonlyMap<string, Handler>;
    readonly handlerKinds?: ReadonlyMap<string, HandlerKind>;
    readonly format?: "binary" | "json";
    readonly json?: JsonMessages;
}

export interface Success extends Reply {
    readonly ok: true;
}

export interface Target {
    readonly service: string;
    readonly method: string;
    readonly key: string | undefined;
}

export interface WorkflowRun {
    readonly service: string;
    readonly id: string;
}

export function embedded(options: EmbeddedOptions): Engine;

export function restate(options: RestateOptions): Engine;

// Not exported, and part of the declarations above.

type Awaitable<T> = T | Promise<T>;

type HandlerKind = "exclusive" | "shared" | "run";

type ServiceKind = "unkeyed" | "keyed" | "singleton" | "object" | "workflow";
