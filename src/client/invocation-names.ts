import type { DescMessage, DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { handlerKind } from "../model/handler-kind.ts";
import { requireKey, targetWithKey } from "../model/target.ts";
import type { Reference } from "./outcome.ts";
import { checkedIdempotencyKey } from "./unary.ts";

/** Names an invocation by the idempotency key that it was called or sent with. */
export interface IdempotentInvocation<S extends DescMessage> {
  /** For example `Greeter.method.greet`. */
  readonly method: DescMethodUnary<DescMessage, S>;
  /** The object key or the workflow's id, where the service has such. */
  readonly key?: string | undefined;
  /** Scoped to the method and the key. */
  readonly idempotencyKey: string;
}

/** Names the run of a workflow, which its id stands for. */
export interface WorkflowInvocation<S extends DescMessage> {
  /** What the workflow runs, for example `Signup.method.run`. */
  readonly method: DescMethodUnary<DescMessage, S>;
  /** The argument of `workflow()` of the generated client. */
  readonly workflowId: string;
}

/** How requests name such an invocation. */
export function referenceTo(
  which: IdempotentInvocation<DescMessage> | WorkflowInvocation<DescMessage>,
): Reference {
  return "workflowId" in which ? workflowReference(which) : idempotentReference(which);
}

function workflowReference({ method, workflowId }: WorkflowInvocation<DescMessage>): Reference {
  const { parent, name } = method;
  if (handlerKind(method) !== "run") {
    throw new ConnectError(
      `${parent.typeName}/${name} is not what a workflow runs: name its invocation by id or idempotency key`,
      Code.InvalidArgument,
    );
  }
  return {
    workflow: { service: parent.typeName, id: requireKey(workflowId, `workflowId of ${parent.typeName}`) },
  };
}

function idempotentReference({ method, key, idempotencyKey }: IdempotentInvocation<DescMessage>): Reference {
  const { key: objectKey, ...target } = targetWithKey(method, key);
  return {
    idempotentInvocation: {
      ...target,
      ...(objectKey === undefined ? {} : { key: objectKey }),
      idempotencyKey: checkedIdempotencyKey(idempotencyKey),
    },
  };
}
