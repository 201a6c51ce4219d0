// What "restate-connect/node" exports. Written by npm run api: do not edit.

import type { RetryOptions } from "restate-connect";

export interface Http1Options {
    readonly httpVersion?: "1.1" | undefined;
    readonly nodeOptions?: RequestOptions | undefined;
}

export interface Http2Options {
    readonly httpVersion: "2";
    readonly nodeOptions?: SecureClientSessionOptions | undefined;
    readonly session?: Http2SessionOptions | undefined;
}

export type NodeProtocolOptions = CommonTransportOptions & {
    readonly adminUrl?: string | undefined;
    readonly sendCompression?: "gzip" | "br" | undefined;
    readonly compressMinBytes?: number | undefined;
    readonly readMaxBytes?: number | undefined;
} & (Http1Options | Http2Options);

export type NodeTransportOptions = NodeProtocolOptions & {
    readonly protocol?: "connect" | "grpc" | "grpc-web" | "restate" | undefined;
};

export function createConnectTransport(options: NodeProtocolOptions): Transport;

export function createGrpcTransport(options: NodeProtocolOptions): Transport;

export function createGrpcWebTransport(options: NodeProtocolOptions): Transport;

export function createRestateTransport(options: NodeProtocolOptions): Transport;

export function createTransport(options: NodeTransportOptions): Transport;

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
