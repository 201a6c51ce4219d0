export * from "../service/index.ts";
export type { CorsOptions } from "./http/cors.ts";
export { createIngress, type Ingress, type IngressOptions, type ListenAddress } from "./ingress.ts";
export { defaultLimits, type Limits } from "./limits.ts";
