/**
 * gRPC reflection and health checks, for servers of Connect-ES.
 *
 * @module
 */

export { health } from "./health.ts";
export { type ReflectionOptions, reflection } from "./reflection.ts";
