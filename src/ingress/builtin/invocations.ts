import { Invocations } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import type { Operations, WorkflowRun } from "../../engine/engine.ts";
import { failureToError } from "../../engine/failure.ts";
import { restateHeaders } from "../../wire/restate-headers.ts";
import type { Codec } from "../codec.ts";
import type { UnaryRoute } from "../route.ts";
import { knownInvocation } from "./invocation-message.ts";
import { typedRoute } from "./typed-route.ts";

/** `restateconnect.v1.Invocations`: outcomes and states by id. `closing` ends the waits. */
export function invocationRoutes(codec: Codec, closing: AbortSignal): UnaryRoute[] {
  return [
    typedRoute(Invocations.method.attach, codec, async (reference, { operations, signal }) => {
      const id = await idOf(operations, reference);
      const outcome = await operations.attach(id, AbortSignal.any([signal, closing]));
      if (outcome.ok) {
        return {
          message: { pb: outcome.output },
          headers: [[restateHeaders.invocationId, id], ...outcome.headers],
        };
      }
      const error = failureToError(outcome.failure);
      // As Restate 1.x has it: not the way to the outcome failed, the outcome is that.
      error.metadata.set(restateHeaders.errorSource, "invocation");
      throw error;
    }),
    typedRoute(Invocations.method.get, codec, async (reference, { operations }) => ({
      message: { invocation: await knownInvocation(operations, await idOf(operations, reference)) },
    })),
  ];
}

/** The id that a request gives, or that of the workflow's run which it names. */
async function idOf(
  operations: Operations,
  { id, workflow }: { readonly id: string; readonly workflow?: WorkflowRun | undefined },
): Promise<string> {
  return workflow === undefined ? id : await operations.lookup(workflow);
}
