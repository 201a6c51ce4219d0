import type { IdempotentTarget, WorkflowRun } from "../model/target.ts";
import { contentTypes } from "../wire/content-types.ts";
import { toRestateKey } from "../wire/object-key.ts";
import type { Payload } from "../wire/payload.ts";

/** Which invocation is meant: its id, a workflow's run, or what was made with an idempotency key. */
export type InvocationReference = string | WorkflowRun | IdempotentTarget;

/** How messages to people name it. */
export function nameOfInvocation(which: InvocationReference): string {
  if (typeof which === "string") {
    return which;
  }
  return "idempotencyKey" in which
    ? `${which.service}/${which.method} with idempotency key ${JSON.stringify(which.idempotencyKey)}`
    : `${which.service} ${which.id}`;
}

/** The body by which Restate finds an invocation that is not named by its id. */
export function lookupPayload(which: WorkflowRun | IdempotentTarget): Payload {
  const bytes = new TextEncoder().encode(JSON.stringify(lookupTarget(which)));
  return { contentType: contentTypes.json, bytes };
}

function lookupTarget(which: WorkflowRun | IdempotentTarget): Readonly<Record<string, string>> {
  if (!("idempotencyKey" in which)) {
    return { target: "workflow", workflowName: which.service, workflowKey: which.id };
  }
  const { service, method, key, idempotencyKey } = which;
  const restateKey = toRestateKey(key);
  return {
    target: "idempotentInvocation",
    service,
    handler: method,
    idempotencyKey,
    ...(restateKey === undefined ? {} : { key: restateKey }),
  };
}

/** The path below which Restate has an invocation's outcome. */
export function pathOfInvocation(which: string | WorkflowRun): string {
  return typeof which === "string"
    ? `/restate/invocation/${encodeURIComponent(which)}`
    : `/restate/workflow/${which.service}/${encodeURIComponent(which.id)}`;
}
