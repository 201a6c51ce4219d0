import {
  object,
  type Serde,
  type ServiceDefinition,
  handlers as sdkHandlers,
  service as sdkService,
  type VirtualObjectDefinition,
} from "@restatedev/restate-sdk";
import { serviceKind } from "../contract/service-kind.ts";
import type { Service } from "../service/service.ts";
import { contentTypes } from "../wire/payload.ts";
import { sdkHandler } from "./handler.ts";

/**
 * A service as Restate's SDK knows it, for endpoints that are not Node servers (Lambda, Workers):
 * a KEYED service is a virtual object, a SINGLETON one with the fixed key `singleton`.
 */
export function serviceDefinition(
  service: Service,
): ServiceDefinition<string, unknown> | VirtualObjectDefinition<string, unknown> {
  const { desc } = service;
  const handlers = desc.methods.map((method) => [method.name, sdkHandler(service, method)] as const);
  if (serviceKind(desc) === "unkeyed") {
    return sdkService({
      name: desc.typeName,
      handlers: Object.fromEntries(handlers.map(([name, run]) => [name, sdkHandlers.handler(options, run)])),
    });
  }
  return object({
    name: desc.typeName,
    handlers: Object.fromEntries(
      handlers.map(([name, run]) => [name, sdkHandlers.object.exclusive(options, run)]),
    ),
  });
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
