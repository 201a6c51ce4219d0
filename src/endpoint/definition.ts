import {
  object,
  type Serde,
  type ServiceDefinition,
  handlers as sdkHandlers,
  service as sdkService,
  type VirtualObjectDefinition,
  type WorkflowDefinition,
  workflow,
} from "@restatedev/restate-sdk";
import { handlerKind, runMethod } from "../model/handler-kind.ts";
import { serviceKind } from "../model/service-kind.ts";
import type { Tracing } from "../model/tracing.ts";
import { unaryMethods } from "../model/unary-methods.ts";
import type { Service } from "../service/service.ts";
import { contentTypes } from "../wire/content-types.ts";
import { attemptHook } from "./attempt-hook.ts";
import { sdkHandler } from "./handler.ts";

/** A service definition of Restate's SDK. */
export type Definition =
  | ServiceDefinition<string, unknown>
  | VirtualObjectDefinition<string, unknown>
  | WorkflowDefinition<string, unknown>;

/** Options of {@link serviceDefinition}. */
export interface DefinitionOptions {
  /** Makes a span of each attempt, as the option of `createEndpoint` does. Default: no spans. */
  readonly tracing?: Tracing | undefined;
}

/**
 * Makes a service definition of Restate's SDK, for endpoints that are not Node servers (Lambda, Workers):
 * a KEYED service becomes a virtual object, a SINGLETON service a virtual object with the fixed key `singleton`.
 *
 * @throws Error if the service is `remote`, because it has no handlers here.
 */
export function serviceDefinition(service: Service, { tracing }: DefinitionOptions = {}): Definition {
  const { desc } = service;
  if (service.remote !== undefined) {
    throw new Error(
      `${desc.typeName} is remote: its handlers are served elsewhere. Remove it from this endpoint`,
    );
  }
  const named = nameAndOptions(service, tracing);
  switch (serviceKind(desc)) {
    case "unkeyed":
      return sdkService({
        ...named,
        handlers: Object.fromEntries(
          unaryMethods(desc).map((method) => [
            method.name,
            sdkHandlers.handler(options, sdkHandler(service, method, tracing)),
          ]),
        ),
      });
    case "keyed":
    case "singleton":
    case "object":
      return object({
        ...named,
        handlers: Object.fromEntries(
          unaryMethods(desc).map((method) => {
            const run = sdkHandler(service, method, tracing);
            return [
              method.name,
              handlerKind(method) === "shared"
                ? sdkHandlers.object.shared(options, run)
                : sdkHandlers.object.exclusive(options, run),
            ];
          }),
        ),
      });
    case "workflow":
      return workflowDefinition(service, tracing);
  }
}

function nameAndOptions({ desc }: Service, tracing: Tracing | undefined) {
  return {
    name: desc.typeName,
    ...(tracing === undefined ? {} : { options: { hooks: [attemptHook(desc.typeName, tracing)] } }),
  };
}

/**
 * The SDK requires a handler called `run`. Restate uses the name of the method, as it does for the workflows of
 * other SDKs.
 */
function workflowDefinition(service: Service, tracing: Tracing | undefined): Definition {
  const { desc } = service;
  const main = runMethod(desc);
  const shared = unaryMethods(desc)
    .filter((method) => method !== main)
    .map(
      (method) =>
        [method.name, sdkHandlers.workflow.shared(options, sdkHandler(service, method, tracing))] as const,
    );
  const definition = workflow({
    ...nameAndOptions(service, tracing),
    handlers: {
      run: sdkHandlers.workflow.workflow(options, sdkHandler(service, main, tracing)),
      ...Object.fromEntries(shared),
    },
  });
  // The SDK's types do not declare where the handlers are.
  const { workflow: made } = definition as unknown as { readonly workflow: Record<string, unknown> };
  const { run, ...others } = made;
  return Object.assign(definition, { workflow: { [main.name]: run, ...others } });
}

/**
 * Restate has one content type for all responses of a handler, set at registration. Our handlers respond in the
 * format of the request, and our transports expect that format. The registered content type is JSON, for plain
 * HTTP clients and Restate's console, which send JSON.
 */
const bytes: Serde<Uint8Array> = {
  contentType: contentTypes.json,
  serialize: (data) => data,
  deserialize: (data) => data,
};

const options = {
  accept: "application/*",
  input: bytes,
  output: bytes,
  setOutputContentTypeIfEmpty: true,
};
