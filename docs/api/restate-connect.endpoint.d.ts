// What "restate-connect/endpoint" exports. Written by npm run api: do not edit.

import type { Tracing } from "restate-connect/opentelemetry";

export { Awakeable, Context } from "restate-connect";
export { HandlerResult, Handlers, Service, service } from "restate-connect/ingress";

export interface Endpoint {
    listen(options?: ListenOptions): Promise<{
        readonly url: string;
    }>;
    close(options?: {
        readonly drainMs?: number | undefined;
    }): Promise<void>;
}

export interface EndpointOptions {
    readonly services: readonly Service[];
    readonly identityKeys?: readonly string[] | undefined;
    readonly tracing?: Tracing | undefined;
}

export interface ListenOptions {
    readonly port?: number | undefined;
    readonly host?: string | undefined;
}

export type SdkContext = ObjectContext & Pick<WorkflowContext, "promise">;

export function createEndpoint(options: EndpointOptions): Endpoint;

export function serviceDefinition(service: Service, { tracing }?: DefinitionOptions): Definition;

// Not exported, and part of the declarations above.

interface DefinitionOptions {
    readonly tracing?: Tracing | undefined;
}

type Definition = ServiceDefinition<string, unknown> | VirtualObjectDefinition<string, unknown> | WorkflowDefinition<string, unknown>;
