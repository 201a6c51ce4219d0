/**
 * The reference ingress, and `service()`, which binds handlers to a service. Needs Node.
 *
 * @module
 */

export type * from "../model/logger.ts";
export * from "../service/index.ts";
export type { Authenticate, Authenticated, IncomingRequest } from "./authenticate.ts";
export type { CorsOptions } from "./http/cors.ts";
export type { TlsOptions } from "./http/tls-connections.ts";
export { createIngress, type Ingress, type IngressOptions, type ListenAddress } from "./ingress.ts";
export { defaultLimits, type LimitOptions, type Limits } from "./limits.ts";
