import type { DescService } from "@bufbuild/protobuf";

/** The names that a service adds to its generated module. */
export interface ServiceNames {
  /** The interface of the client: `GreeterClient`. */
  readonly client: string;
  /** The function that creates a client: `createGreeterClient`. */
  readonly create: string;
  /** The interface of the handlers: `GreeterHandlers`. */
  readonly handlers: string;
  /** The interface of the client's `send`: `GreeterSendClient`. */
  readonly sendClient: string;
  /** The interface that `key()` returns: `GreeterObjectClient`. */
  readonly objectClient: string;
  /** The interface of that client's `send`: `GreeterObjectSendClient`. */
  readonly objectSendClient: string;
  /** The interface that `workflow()` returns: `GreeterWorkflowClient`. */
  readonly workflowClient: string;
  /** The interface of that client's `send`: `GreeterWorkflowSendClient`. */
  readonly workflowSendClient: string;
}

/**
 * Chooses distinct names for the services of a file. The names that people write (`client`, `create`,
 * `handlers`) are assigned first: for the services `Greeter` and `GreeterSend`, the send client of `Greeter`
 * becomes `GreeterSendClient$`. Protobuf names never contain `$`. The infix is for JSON clients:
 * `GreeterJsonClient`.
 */
export function nameServices(
  services: readonly DescService[],
  infix: "" | "Json",
): ReadonlyMap<DescService, ServiceNames> {
  const taken = new Set<string>();
  const named = services
    .map((service) => ({
      service,
      client: take(taken, `${service.name}${infix}Client`),
      create: take(taken, `create${service.name}${infix}Client`),
      handlers: take(taken, `${service.name}${infix}Handlers`),
    }))
    .map((names) => ({ ...names, sendClient: take(taken, `${names.service.name}${infix}SendClient`) }))
    .map((names) => ({
      ...names,
      objectClient: take(taken, `${names.service.name}${infix}ObjectClient`),
      objectSendClient: take(taken, `${names.service.name}${infix}ObjectSendClient`),
      workflowClient: take(taken, `${names.service.name}${infix}WorkflowClient`),
      workflowSendClient: take(taken, `${names.service.name}${infix}WorkflowSendClient`),
    }));
  return new Map(named.map(({ service, ...names }) => [service, names]));
}

function take(taken: Set<string>, wish: string): string {
  let name = wish;
  while (taken.has(name)) {
    name += "$";
  }
  taken.add(name);
  return name;
}
