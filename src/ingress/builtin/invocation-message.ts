import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import {
  type Invocation,
  InvocationSchema,
  InvocationState,
} from "../../../generated/restateconnect/v1/invocations_pb.ts";
import type { Operations } from "../../engine/engine.ts";
import type { InvocationInfo, InvocationStateName } from "../../model/invocation.ts";

const protoStates = {
  scheduled: InvocationState.SCHEDULED,
  pending: InvocationState.PENDING,
  running: InvocationState.RUNNING,
  "backing-off": InvocationState.BACKING_OFF,
  succeeded: InvocationState.SUCCEEDED,
  failed: InvocationState.FAILED,
} as const satisfies Record<InvocationStateName, InvocationState>;

/** The Protobuf form of a state. */
export function protoState(state: InvocationStateName): InvocationState {
  return protoStates[state];
}

/** The engine's form of a state; undefined for one that this server does not know. */
export function engineState(state: InvocationState): InvocationStateName | undefined {
  return (Object.keys(protoStates) as InvocationStateName[]).find((name) => protoStates[name] === state);
}

/**
 * What the engine knows of an invocation.
 *
 * @throws ConnectError `not_found`.
 */
export async function knownInvocation(operations: Pick<Operations, "get">, id: string): Promise<Invocation> {
  const info = await operations.get(id);
  if (info === undefined) {
    throw unknownInvocation(id);
  }
  return invocationMessage(info);
}

/** The error for an id that stands for nothing the engine knows. */
export function unknownInvocation(id: string): ConnectError {
  return new ConnectError(
    `Invocation '${id}' not found. Outcomes are kept for the retention time only.`,
    Code.NotFound,
  );
}

/** The Protobuf form of what the engine knows of an invocation. */
export function invocationMessage(info: InvocationInfo): Invocation {
  const { target, nextAttemptAt, completedAt, expiresAt, lastFailure, invokedBy } = info;
  return create(InvocationSchema, {
    id: info.id,
    service: target.service,
    method: target.method,
    state: protoState(info.state),
    attempts: info.attempts,
    createdAt: timestampFromDate(info.createdAt),
    modifiedAt: timestampFromDate(info.modifiedAt),
    ...(target.key === undefined ? {} : { key: target.key }),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt: timestampFromDate(nextAttemptAt) }),
    ...(completedAt === undefined ? {} : { completedAt: timestampFromDate(completedAt) }),
    ...(expiresAt === undefined ? {} : { expiresAt: timestampFromDate(expiresAt) }),
    ...(lastFailure === undefined
      ? {}
      : { lastFailure: { code: codeToString(lastFailure.code), message: lastFailure.message } }),
    ...(invokedBy === undefined ? {} : { invokedBy }),
  });
}
