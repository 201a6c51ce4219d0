/**
 * Spans of OpenTelemetry for clients, ingresses, engines and endpoints.
 *
 * @module
 */

export type { Tracing } from "../model/tracing.ts";
export { clientTracing } from "./client-tracing.ts";
export { serverTracing } from "./server-tracing.ts";
