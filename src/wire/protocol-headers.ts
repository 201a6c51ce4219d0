import { restateHeaders } from "../model/restate-headers.ts";

/** Headers that frame or address an HTTP message, or belong to one connection. */
const framingHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Other headers of HTTP, and those of the RPC protocols. */
const rpcHeaders: ReadonlySet<string> = new Set([
  "accept-encoding",
  "content-type",
  "date",
  "te",
  "connect-accept-encoding",
  "connect-content-encoding",
  "connect-protocol-version",
  "connect-timeout-ms",
  "grpc-accept-encoding",
  "grpc-encoding",
  "grpc-message",
  "grpc-message-type",
  "grpc-status",
  "grpc-status-details-bin",
  "grpc-timeout",
  "x-grpc-web",
]);

/** Our built-in services, which the ingress answers itself. */
const ingressHeaders: ReadonlySet<string> = new Set([
  restateHeaders.idempotencyKey,
  restateHeaders.idempotencyRetention,
  restateHeaders.delay,
  restateHeaders.objectKey,
]);

/** Whether a header (lower case) frames or addresses an HTTP message, or belongs to one connection. */
export function isFramingHeader(name: string): boolean {
  return name.startsWith(":") || framingHeaders.has(name);
}

/** Whether a header (lower case) belongs to HTTP or to an RPC protocol. Transports set those, and nobody else. */
export function isProtocolHeader(name: string): boolean {
  return isFramingHeader(name) || rpcHeaders.has(name);
}

/** Whether a response header or trailer (lower case) is metadata, which handlers may set. */
export function isResponseMetadata(name: string): boolean {
  return !isProtocolHeader(name);
}

/** What a server says of one response of its own: whose invocation it was, and who may read it. */
const ofOneResponse = /^(x-restate-|idempotency-|access-control-|vary$)/;

/**
 * Whether metadata of an error (lower case) is its thrower's. An error that another server answered with has
 * the headers of that response too, and a handler that rethrows it responds with its own headers.
 */
export function isErrorMetadata(name: string): boolean {
  return isResponseMetadata(name) && !ofOneResponse.test(name);
}

/** Whether a request header (lower case) is metadata, which handlers get to see. */
export function isRequestMetadata(name: string): boolean {
  return !isProtocolHeader(name) && !ingressHeaders.has(name);
}
