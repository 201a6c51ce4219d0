import { create, type DescMethod, type DescService, type Message } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { keyField } from "../model/key-field.ts";
import { serviceKind } from "../model/service-kind.ts";
import { requireKey, requireObjectKey } from "../model/target.ts";
import { type ClientMethods, methodsOf } from "./methods.ts";
import { workflowClient } from "./workflow-client.ts";

/**
 * Makes the object behind a generated client interface: `createGreeterClient(transport)` calls this.
 * `T` is that interface. It matches the descriptor, because both are generated from the same proto.
 */
export function createClient<T>(service: DescService, transport: Transport): T {
  return clientOf(service, transport) as T;
}

function clientOf(service: DescService, transport: Transport): object {
  switch (serviceKind(service)) {
    case "unkeyed":
    case "singleton":
      return serviceMethods(service, transport);
    case "keyed":
      return {
        ...serviceMethods(service, transport),
        key: (key: string) => {
          requireKeyArgument(service, key);
          return methodsOf(service.methods, transport, (method, request) => ({
            message: withKey(method, request, key),
          }));
        },
      };
    case "object":
      return {
        key: (key: string) => {
          requireKeyArgument(service, key);
          return methodsOf(service.methods, transport, (method, request) => ({
            message: create(method.input, request),
            key,
          }));
        },
      };
    case "workflow":
      return { workflow: (id: string) => workflowClient(service, transport, id) };
  }
}

function requireKeyArgument(service: DescService, key: string): void {
  requireKey(key, `the argument of key() of ${service.typeName}`);
}

/** The methods of a service whose requests say all: those of a KEYED one name their object. */
function serviceMethods(service: DescService, transport: Transport): ClientMethods {
  return methodsOf(service.methods, transport, (method, request) => {
    const message = create(method.input, request);
    requireObjectKey(method, message);
    return { message };
  });
}

/** A copy of the request that names the object; the caller's own stays as it is. */
function withKey(method: DescMethod, request: Message | undefined, key: string): Message {
  // Without its type name, which create() would take for a message that need not be copied.
  const { $typeName: _, $unknown, ...fields } = request ?? {};
  const message = create(method.input, { ...fields, [keyField(method.input).localName]: key });
  message.$unknown = $unknown;
  return message;
}
