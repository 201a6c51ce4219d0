// What "restate-connect" exports. Written by npm run api: do not edit.

import type { SdkContext } from "restate-connect/endpoint";

export { Code, ConnectError } from "@connectrpc/connect";


export interface Awakeable<T> {
    readonly id: string;
    readonly promise: Promise<T>;
}

export interface Awakeables {
    resolve<S extends DescMessage>(id: string, schema: S, value: MessageInitShape<S>, options?: ResolveOptions): Promise<void>;
    reject(id: string, reason: string, options?: CallOptions): Promise<void>;
}

export interface CallOptions extends ConnectCallOptions {
    idempotencyKey?: string | undefined;
}

export interface Context {
    readonly invocationId: string;
    readonly key: string | undefined;
    readonly attempt: number;
    readonly signal: AbortSignal;
    readonly requestHeaders: Headers;
    readonly responseHeaders: Headers;
    readonly responseTrailers: Headers;
    client<T>(create: (transport: Transport) => T): T;
    awakeable<S extends DescMessage>(schema: S): Awakeable<MessageShape<S>>;
}

declare module "../model/context.ts" {
    interface Context {
        readonly sdk?: SdkContext;
    }
}

export interface IdempotentInvocation<S extends DescMessage> {
    readonly method: DescMethodUnary<DescMessage, S>;
    readonly key?: string | undefined;
    readonly idempotencyKey: string;
}

export interface Invocation<T> extends InvocationHandle<T> {
    readonly id: string;
}

export interface InvocationHandle<T> {
    attach(options?: CallOptions): Promise<T>;
    output(options?: CallOptions): Promise<OutputMessage<T> | undefined>;
    get(options?: CallOptions): Promise<InvocationInfo>;
    cancel(options?: CallOptions): Promise<void>;
}

export type InvocationResult<S extends DescMessage> = S extends typeof EmptySchema ? void : MessageShape<S>;

export const InvocationState: {
    readonly UNSPECIFIED: 0;
    readonly SCHEDULED: 1;
    readonly PENDING: 2;
    readonly RUNNING: 3;
    readonly BACKING_OFF: 4;
    readonly SUCCEEDED: 5;
    readonly FAILED: 6;
};

export type InvocationState = (typeof InvocationState)[keyof typeof InvocationState] | UnknownEnum;

export type OutputMessage<T> = [
    T
] extends [
    void
] ? Empty : T;

export interface ResolveOptions extends CallOptions {
    format?: "binary" | "json" | undefined;
    registry?: Registry | undefined;
}

export interface RestateError {
    readonly source: "invocation" | "ingress";
    readonly code: number;
    readonly message: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly invocationId: string | undefined;
}

export interface RetryOptions {
    readonly maxAttempts?: number | undefined;
    readonly initialIntervalMs?: number | undefined;
    readonly maxIntervalMs?: number | undefined;
    readonly maxDurationMs?: number | undefined;
}

export interface SendOptions extends CallOptions {
    delay?: number | undefined;
}

export type SubmitOptions = Omit<SendOptions, "idempotencyKey">;

export interface WorkflowInvocation<S extends DescMessage> {
    readonly method: DescMethodUnary<DescMessage, S>;
    readonly workflowId: string;
}

export function awakeables(transport: Transport): Awakeables;

export function invocation<S extends DescMessage>(transport: Transport, id: string, schema: S): Invocation<InvocationResult<S>>;

export function invocation<S extends DescMessage>(transport: Transport, which: IdempotentInvocation<S> | WorkflowInvocation<S>): InvocationHandle<InvocationResult<S>>;

export function restateError(reason: unknown): RestateError | undefined;

export function retry(options?: RetryOptions): Interceptor;

// Not exported, and part of the declarations above.

type Failure = Message<"restateconnect.v1.Failure"> & {
    code: string;
    message: string;
};

type Invocation = Message<"restateconnect.v1.Invocation"> & {
    id: string;
    service: string;
    method: string;
    key?: string | undefined;
    state: InvocationState;
    attempts: number;
    createdAt?: Timestamp | undefined;
    modifiedAt?: Timestamp | undefined;
    nextAttemptAt?: Timestamp | undefined;
    completedAt?: Timestamp | undefined;
    expiresAt?: Timestamp | undefined;
    lastFailure?: Failure | undefined;
    invokedBy?: string | undefined;
};
