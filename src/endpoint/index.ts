/**
 * Serves the same handlers to a Restate server. Needs Node.
 *
 * @module
 */

export type { Awakeable, Context } from "../model/context.ts";
export { type HandlerResult, type Handlers, type Service, service } from "../service/service.ts";
export { serviceDefinition } from "./definition.ts";
export { createEndpoint, type Endpoint, type EndpointOptions, type ListenOptions } from "./endpoint.ts";
export type { SdkContext } from "./sdk-context.ts";
