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
 * The id of the invocation that a request names. Workflow ids and idempotency keys may be guessed, where ids
 * of other invocations cannot: only who may invoke the method may go by them.
 *
 * @throws ConnectError `not_found` for an unknown method, and what `authenticate` throws.
 */
export async function referencedId(
  services: readonly DescService[],
  { id, workflow, idempotentInvocation }: Omit<AttachRequest, "$typeName">,
  request: UnaryRequest,
): Promise<string> {
  if (idempotentInvocation !== undefined) {
    return await idOfIdempotent(services, idempotentInvocation, request);
  }
  return workflow === undefined ? id : await idOfRun(services, workflow, request);
}

async function idOfIdempotent(
  services: readonly DescService[],
  reference: IdempotentInvocation,
  { admit, operations }: UnaryRequest,
): Promise<string> {
  const { key, idempotencyKey } = reference;
  const method = findMethod(services, reference);
  await admit(method);
  if (idempotencyKey === "") {
    throw new ConnectError(
      "idempotency_key is empty: give the one of the call or send",
      Code.InvalidArgument,
    );
  }
  return await operations.lookup({ ...targetWithKey(method, key), idempotencyKey });
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
