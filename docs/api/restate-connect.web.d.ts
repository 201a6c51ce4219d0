// What "restate-connect/web" exports. Written by npm run api: do not edit.

import type { RetryOptions } from "restate-connect";

export type NamedTransportOptions = Omit<WebTransportOptions, "protocol" | "format" | "registry" | "retry">;

export interface WebTransportOptions extends CommonTransportOptions {
    readonly protocol?: "connect" | "grpc-web" | "restate" | undefined;
    readonly fetch?: typeof globalThis.fetch | undefined;
}

export function createConnectTransport(options: NamedTransportOptions): Transport;

export function createGrpcWebTransport(options: NamedTransportOptions): Transport;

export function createRestateTransport(options: Omit<WebTransportOptions, "protocol">): Transport;

export function createTransport(options: WebTransportOptions): Transport;

// Not exported, and part of the declarations above.

interface CommonTransportOptions {
    readonly baseUrl: string;
    readonly format?: "binary" | "json" | undefined;
    readonly registry?: Registry | undefined;
    readonly useHttpGet?: boolean | undefined;
    readonly interceptors?: readonly Interceptor[] | undefined;
    readonly defaultTimeoutMs?: number | undefined;
    readonly retry?: boolean | RetryOptions | undefined;
}
