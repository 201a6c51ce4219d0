import { restateHeaders } from "../model/restate-headers.ts";

/** Headers of HTTP and of the RPC protocols: not metadata, in either direction. */
const protocolHeaders: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
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

/** Whether a response header or trailer (lower case) is metadata, which handlers may set. */
export function isResponseMetadata(name: string): boolean {
  return !protocolHeaders.has(name);
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
  return !name.startsWith(":") && !protocolHeaders.has(name) && !ingressHeaders.has(name);
}
