// What "restate-connect/ingress" exports. Written by npm run api: do not edit.

import type { Tracing } from "restate-connect/opentelemetry";
import type { Engine } from "restate-connect/engine";

export { Awakeable, Context } from "restate-connect";

export type Authenticate = (request: IncomingRequest) => MaybeAuthenticated | Promise<MaybeAuthenticated>;

export interface Authenticated {
    readonly headers?: HeadersInit | undefined;
    readonly idempotencyScope: string;
}

export interface CorsOptions {
    readonly origins: readonly string[];
}

export type HandlerResult<M extends DescMethod> = M["output"] extends typeof EmptySchema ? MessageInitShape<M["output"]> | void : MessageInitShape<M["output"]>;

export type Handlers<S extends DescService> = {
    [K in keyof S["method"] as S["method"][K] extends DescMethodUnary ? K : never]: (request: MessageShape<S["method"][K]["input"]>, ctx: Context) => Promise<HandlerResult<S["method"][K]>> | HandlerResult<S["method"][K]>;
};

export interface IncomingRequest {
    readonly method: DescMethod;
    readonly headers: Headers;
    readonly clientCertificate: PeerCertificate | undefined;
}

export interface Ingress {
    listen(address?: ListenAddress): Promise<{
        readonly url: string;
        readonly adminUrl: string;
    }>;
    close(): Promise<void>;
}

export interface IngressOptions {
    readonly services: readonly Service[];
    readonly engine: Engine;
    readonly cors?: CorsOptions | undefined;
    readonly authenticate?: Authenticate | undefined;
    readonly interceptors?: readonly Interceptor[] | undefined;
    readonly allowCancel?: boolean | undefined;
    readonly console?: boolean | undefined;
    readonly fileDescriptorSet?: Uint8Array | undefined;
    readonly tls?: TlsOptions | undefined;
    readonly tracing?: Tracing | undefined;
    readonly logger?: Logger | undefined;
    readonly limits?: LimitOptions | undefined;
}

export type LimitOptions = {
    readonly [K in keyof Limits]?: Limits[K] | undefined;
};

export interface Limits {
    readonly maxMessageBytes: number;
    readonly maxDecodedBytes: number;
    readonly maxBufferedBytes: number;
    readonly maxHeaderBytes: number;
    readonly maxHeaders: number;
    readonly maxConcurrentRequests: number;
    readonly maxConcurrentStreams: number;
    readonly maxConnections: number;
    readonly headersTimeoutMs: number;
    readonly requestTimeoutMs: number;
    readonly responseTimeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly drainTimeoutMs: number;
}

export interface ListenAddress {
    readonly port?: number | undefined;
    readonly adminPort?: number | undefined;
    readonly host?: string | undefined;
    readonly adminHost?: string | undefined;
}

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
    debug(message: string, fields?: LogFields): void;
    isDebugEnabled?(): boolean;
    info(message: string, fields?: LogFields): void;
    warn(message: string, fields?: LogFields): void;
    error(message: string, fields?: LogFields): void;
}

export interface RemoteOptions {
    readonly format?: "binary" | "json" | undefined;
}

export interface Service {
    readonly desc: DescService;
    readonly handlers: Readonly<Record<string, ServiceHandler>>;
    readonly remote?: RemoteOptions;
}

export interface TlsOptions {
    readonly cert: string | Uint8Array;
    readonly key: string | Uint8Array;
    readonly clientCa?: string | Uint8Array | undefined;
}

export function createIngress({ services, engine, ...options }: IngressOptions): Ingress;

export const defaultLimits: Limits;

export function remote(desc: DescService, options?: RemoteOptions): Service;

export function service<S extends DescService>(desc: S, handlers: Handlers<S>): Service;

// Not exported, and part of the declarations above.

type MaybeAuthenticated = HeadersInit | Authenticated | undefined;

type ServiceHandler = (request: never, ctx: Context) => unknown;
