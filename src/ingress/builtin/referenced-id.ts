import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type {
  AttachRequest,
  IdempotentInvocation,
  Workflow,
} from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { runMethods } from "../../model/handler-kind.ts";
import { targetWithKey } from "../../model/target.ts";
import type { UnaryRequest } from "../route.ts";
import { findMethod } from "./find-method.ts";

/**
 * The id of the invocation that a request names. However it is named, only a caller who may invoke its method may have
 * it: workflow ids and idempotency keys can be guessed, and ids are in logs and links.
 *
 * @throws ConnectError `not_found` for an unknown method, and what `authenticate` throws.
 */
export async function referencedId(
  services: readonly DescService[],
  { id, workflow, idempotentInvocation }: Omit<AttachRequest, "$typeName" | "json">,
  request: UnaryRequest,
): Promise<string> {
  if (idempotentInvocation !== undefined) {
    return await idOfIdempotent(services, idempotentInvocation, request);
  }
  if (workflow !== undefined) {
    return await idOfRun(services, workflow, request);
  }
  if (request.isGuarded) {
    await admitToId(services, id, request);
  }
  return id;
}

/** An unknown id is let through: the engine says that it does not have it. */
async function admitToId(
  services: readonly DescService[],
  id: string,
  { admit, operations }: UnaryRequest,
): Promise<void> {
  const info = await operations.get(id);
  if (info === undefined) {
    return;
  }
  const { service, method } = info.target;
  const invoked = services
    .find(({ typeName }) => typeName === service)
    ?.methods.find(({ name }) => name === method);
  if (invoked === undefined) {
    throw new ConnectError(
      `invocation ${id} is of ${service}/${method}, which this server does not have: it cannot be decided who may have it`,
      Code.PermissionDenied,
    );
  }
  await admit(invoked);
}

async function idOfIdempotent(
  services: readonly DescService[],
  reference: IdempotentInvocation,
  { admit, operations }: UnaryRequest,
): Promise<string> {
  const { key, idempotencyKey } = reference;
  const method = findMethod(services, reference);
  const { scope } = await admit(method);
  if (idempotencyKey === "") {
    throw new ConnectError(
      "idempotency_key is empty: give the one of the call or send",
      Code.InvalidArgument,
    );
  }
  return await operations.lookup({ ...targetWithKey(method, key), idempotencyKey, scope });
}

async function idOfRun(
  services: readonly DescService[],
  workflow: Workflow,
  { admit, operations }: UnaryRequest,
): Promise<string> {
  const service = services.find(({ typeName }) => typeName === workflow.service);
  const run = service && runMethods(service)[0];
  if (run === undefined) {
    throw new ConnectError(`there is no workflow ${workflow.service}`, Code.NotFound);
  }
  await admit(run);
  return await operations.lookup(workflow);
}
