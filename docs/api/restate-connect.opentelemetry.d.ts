// What "restate-connect/opentelemetry" exports. Written by npm run api: do not edit.

import type { HeaderList } from "restate-connect/engine";

export interface Tracing {
    startRequest(request: TracedRequest): RequestSpan;
    runAttempt<T>(attempt: TracedAttempt, run: (passOn: PassOn) => Awaitable<T>): Awaitable<T>;
    passOnCallers(header: ReadHeader): PassOn;
}

export function clientTracing(): Interceptor;

export function serverTracing(): Tracing;

// Not exported, and part of the declarations above.

interface RequestSpan {
    readonly traceId: string;
    readonly passOn: PassOn;
    run<T>(step: () => T): T;
    end(code: Code | undefined, invocationId: string | undefined): void;
}

interface TracedAttempt {
    readonly method: string;
    readonly invocationId: string;
    readonly number: number | undefined;
    readonly header: ReadHeader;
    readonly engineHeader?: ReadHeader | undefined;
    failureOf(reason: unknown): unknown;
}

interface TracedRequest {
    readonly method: string;
    readonly protocol: "connect" | "grpc" | "grpc-web";
    readonly url: string;
    readonly header: ReadHeader;
}

type Awaitable<T> = T | Promise<T>;

type PassOn = (headers: HeaderList, kind: "call" | "send") => HeaderList;

type ReadHeader = (name: string) => string | null | undefined;
