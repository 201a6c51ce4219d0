import type { DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { Invocations } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { abortSignalOf } from "../../model/abort-notice.ts";
import type { HeaderList, Outcome, Success } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import type { Codec } from "../codec.ts";
import { outcomeError } from "../error-source.ts";
import { reserveOutcome } from "../reserve-outcome.ts";
import type { UnaryRoute } from "../route.ts";
import { knownInvocation } from "./invocation-message.ts";
import { referencedId } from "./referenced-id.ts";
import { typedRoute } from "./typed-route.ts";

/** `restateconnect.v1.Invocations`: outcomes and states of invocations of these services. `closing` ends the waits. */
export function invocationRoutes(
  services: readonly DescService[],
  codec: Codec,
  closing: AbortSignal,
): UnaryRoute[] {
  return [
    typedRoute(Invocations.method.attach, codec, async (reference, request) => {
      const id = await referencedId(services, reference, request);
      const outcome = await request.operations.attach(id, {
        signal: AbortSignal.any([abortSignalOf(request.signal), closing]),
        reserve: reserveOutcome(request),
      });
      const { output, headers } = successOf(id, outcome);
      return { message: { pb: output }, headers };
    }),
    typedRoute(Invocations.method.output, codec, async (reference, request) => {
      const id = await referencedId(services, reference, request);
      const outcome = await request.operations.output(id, { reserve: reserveOutcome(request) });
      if (outcome === undefined) {
        return { message: {}, headers: [[restateHeaders.invocationId, id]] };
      }
      const { output, headers } = successOf(id, outcome);
      return { message: { pb: output }, headers };
    }),
    typedRoute(Invocations.method.get, codec, async (reference, request) => {
      const id = await referencedId(services, reference, request);
      return { message: { invocation: await knownInvocation(request.operations, id) } };
    }),
    typedRoute(Invocations.method.cancel, codec, async (reference, request) => {
      await request.operations.cancel(await referencedId(services, reference, request), "cancel");
      return { message: {} };
    }),
  ];
}

/** Stands in the place of `Cancel` where callers may not. */
export function refusedCancel(codec: Codec): UnaryRoute {
  return typedRoute(Invocations.method.cancel, codec, async () => {
    throw new ConnectError(
      "callers of this ingress may not cancel. Cancel through its admin port (adminUrl of createTransport in Node), " +
        "or in a handler, or let them: createIngress({ allowCancel: true })",
      Code.PermissionDenied,
    );
  });
}

function successOf(id: string, outcome: Outcome): Pick<Success, "output" | "headers"> {
  const headers: HeaderList = [[restateHeaders.invocationId, id]];
  if (!outcome.ok) {
    throw outcomeError(outcome.failure, headers);
  }
  return { output: outcome.output, headers: [...headers, ...outcome.headers] };
}
