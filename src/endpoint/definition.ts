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
import { handlerKind, runMethods } from "../model/handler-kind.ts";
import { serviceKind } from "../model/service-kind.ts";
import { unaryMethods } from "../model/unary-methods.ts";
import type { Service } from "../service/service.ts";
import { contentTypes } from "../wire/payload.ts";
import { sdkHandler } from "./handler.ts";

/** A service as Restate's SDK knows it. */
export type Definition =
  | ServiceDefinition<string, unknown>
  | VirtualObjectDefinition<string, unknown>
  | WorkflowDefinition<string, unknown>;

/**
 * A service as Restate's SDK knows it, for endpoints that are not Node servers (Lambda, Workers):
 * a KEYED service is a virtual object, a SINGLETON one with the fixed key `singleton`.
 *
 * @throws Error for a `remote` service, which has no handlers here.
 */
export function serviceDefinition(service: Service): Definition {
  const { desc } = service;
  if (service.remote !== undefined) {
    throw new Error(`${desc.typeName} is remote: its handlers are served elsewhere. Leave it out here`);
  }
  switch (serviceKind(desc)) {
    case "unkeyed":
      return sdkService({
        name: desc.typeName,
        handlers: Object.fromEntries(
          unaryMethods(desc).map((method) => [
            method.name,
            sdkHandlers.handler(options, sdkHandler(service, method)),
          ]),
        ),
      });
    case "keyed":
    case "singleton":
    case "object":
      return object({
        name: desc.typeName,
        handlers: Object.fromEntries(
          unaryMethods(desc).map((method) => {
            const run = sdkHandler(service, method);
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
      return workflowDefinition(service);
  }
}

/**
 * The SDK asks for a handler called `run`. Restate does not: it goes by the method's own name, as it does for
 * the workflows of other SDKs.
 */
function workflowDefinition(service: Service): Definition {
  const { desc } = service;
  const [main] = runMethods(desc);
  if (main === undefined) {
    throw new Error(`${desc.typeName} is a WORKFLOW and has no method to run: call one of them Run`);
  }
  const shared = unaryMethods(desc)
    .filter((method) => method !== main)
    .map(
      (method) => [method.name, sdkHandlers.workflow.shared(options, sdkHandler(service, method))] as const,
    );
  const definition = workflow({
    name: desc.typeName,
    handlers: {
      run: sdkHandlers.workflow.workflow(options, sdkHandler(service, main)),
      ...Object.fromEntries(shared),
    },
  });
  // The types leave out where the SDK has its handlers.
  const { workflow: made } = definition as unknown as { readonly workflow: Record<string, unknown> };
  const { run, ...others } = made;
  return Object.assign(definition, { workflow: { [main.name]: run, ...others } });
}

/**
 * Restate knows one content type for all answers of a handler, and it is told when the handler registers.
 * Ours answer in the format of the request, and our transports go by that. The label says JSON, for plain
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
