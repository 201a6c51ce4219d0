// What "restate-connect/json" exports. Written by npm run api: do not edit.

export class JsonCallError extends Error {
    static [Symbol.hasInstance](value: unknown): boolean;
    readonly name = "JsonCallError";
    readonly code: JsonErrorCode;
    readonly details: readonly JsonErrorDetail[];
    constructor(code: JsonErrorCode, message: string, details?: readonly JsonErrorDetail[], options?: ErrorOptions);
}

export interface JsonCallOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly headers?: HeadersInit | undefined;
    readonly idempotencyKey?: string | undefined;
}

export interface JsonClientOptions {
    readonly baseUrl: string;
    readonly fetch?: typeof globalThis.fetch | undefined;
}

export type JsonErrorCode = "canceled" | "unknown" | "invalid_argument" | "deadline_exceeded" | "not_found" | "already_exists" | "permission_denied" | "resource_exhausted" | "failed_precondition" | "aborted" | "out_of_range" | "unimplemented" | "internal" | "unavailable" | "data_loss" | "unauthenticated";

export interface JsonErrorDetail {
    readonly type: string;
    readonly value: string;
    readonly debug?: unknown;
}

export interface JsonInvocation<T = unknown> {
    readonly id: string;
    attach(options?: JsonCallOptions): Promise<T>;
    output(options?: JsonCallOptions): Promise<([
        T
    ] extends [
        void
    ] ? object : T) | undefined>;
}

export interface JsonMethod {
    readonly name: string;
    readonly key?: string;
    readonly run?: boolean;
    readonly noRequest?: boolean;
    readonly noResponse?: boolean;
}

export interface JsonSendOptions extends JsonCallOptions {
    readonly delay?: number | undefined;
}

export interface JsonService {
    readonly name: string;
    readonly kind: ServiceKind;
    readonly methods: Readonly<Record<string, JsonMethod>>;
}

export type JsonSubmitOptions = Omit<JsonSendOptions, "idempotencyKey">;

export function createJsonClient<T>(service: JsonService, options: JsonClientOptions): T;

export function jsonInvocation<T>(options: JsonClientOptions, id: string, noResponse?: boolean): JsonInvocation<T>;

// Not exported, and part of the declarations above.

type ServiceKind = "unkeyed" | "keyed" | "singleton" | "object" | "workflow";
