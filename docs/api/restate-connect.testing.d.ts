// What "restate-connect/testing" exports. Written by npm run api: do not edit.

import type { Invocation, InvocationResult } from "restate-connect";
import type { Authenticate, HandlerResult, LimitOptions, Logger, Service } from "restate-connect/ingress";
import type { EmbeddedOptions } from "restate-connect/engine";

export type Answers<S extends DescService> = {
    [K in keyof S["method"] as S["method"][K] extends DescMethodUnary ? K : never]?: (request: MessageShape<S["method"][K]["input"]>, call: Call<S["method"][K]["input"]>) => Promise<HandlerResult<S["method"][K]>> | HandlerResult<S["method"][K]>;
};

export interface AwakeableCompletion {
    readonly id: string;
    readonly reason: string | undefined;
    value<S extends DescMessage>(schema: S): MessageShape<S>;
}

export interface Call<I extends DescMessage = DescMessage> {
    readonly method: DescMethodUnary<I>;
    readonly key: string | undefined;
    readonly message: MessageShape<I>;
    readonly idempotencyKey: string | undefined;
    readonly headers: Headers;
}

export interface Calls {
    <I extends DescMessage>(method: DescMethodUnary<I>): readonly Call<I>[];
    (): readonly Call[];
}

export interface Duration {
    readonly days?: number | undefined;
    readonly hours?: number | undefined;
    readonly minutes?: number | undefined;
    readonly seconds?: number | undefined;
    readonly milliseconds?: number | undefined;
}

export interface Send<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> extends Call<I> {
    readonly method: DescMethodUnary<I, O>;
    readonly delay: number | undefined;
    readonly invocation: Invocation<InvocationResult<O>>;
}

export interface Sends {
    <I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>): readonly Send<I, O>[];
    (): readonly Send[];
}

export interface TestEnvironment extends AsyncDisposable {
    readonly transport: Transport;
    readonly fetch: typeof globalThis.fetch;
    readonly sends: Sends;
    now(): Date;
    advance(duration: number | Duration): Promise<void>;
    advanceToNext(): Promise<boolean>;
    idle(): Promise<void>;
    close(): Promise<void>;
}

export interface TestEnvironmentOptions {
    readonly services: readonly Service[];
    readonly embedded?: Omit<EmbeddedOptions, "path" | "onFatal" | "logger"> | undefined;
    readonly now?: Date | undefined;
    readonly authenticate?: Authenticate | undefined;
    readonly interceptors?: readonly Interceptor[] | undefined;
    readonly allowCancel?: boolean | undefined;
    readonly limits?: LimitOptions | undefined;
    readonly logger?: Logger | undefined;
}

export interface TestTransport extends Transport {
    answer<S extends DescService>(service: S, answers: Answers<S>): TestTransport;
    readonly calls: Calls;
    readonly sends: Sends;
    completions(): readonly AwakeableCompletion[];
}

export function createTestEnvironment(options: TestEnvironmentOptions): Promise<TestEnvironment>;

export function createTestTransport(): TestTransport;
