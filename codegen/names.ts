import type { DescService } from "@bufbuild/protobuf";

/** What one service adds to its generated module. */
export interface ServiceNames {
  /** The interface of the client: `GreeterClient`. */
  readonly client: string;
  /** The function that creates a client: `createGreeterClient`. */
  readonly create: string;
  /** The interface of the handlers: `GreeterHandlers`. */
  readonly handlers: string;
  /** The interface of the client's `send`: `GreeterSendClient`. */
  readonly sendClient: string;
  /** The interface of what `key()` returns: `GreeterObjectClient`. */
  readonly objectClient: string;
  /** The interface of that one's `send`: `GreeterObjectSendClient`. */
  readonly objectSendClient: string;
  /** The interface of what `workflow()` returns: `GreeterWorkflowClient`. */
  readonly workflowClient: string;
  /** The interface of that one's `send`: `GreeterWorkflowSendClient`. */
  readonly workflowSendClient: string;
}

/**
 * Names for the services of one file, all different. The names that people write (`client`, `create`,
 * `handlers`) are given out first: where services are called `Greeter` and `GreeterSend`, it is what the
 * first one calls `GreeterSendClient` that gets a `$`, which no Protobuf name has. The infix is for clients typed
 * by JSON: `GreeterJsonClient`.
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
