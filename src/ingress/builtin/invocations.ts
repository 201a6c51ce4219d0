import { type DescService, fromJson, type JsonValue } from "@bufbuild/protobuf";
import { type Value, ValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { Invocations } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import type { Operations } from "../../engine/engine.ts";
import { abortSignalOf } from "../../model/abort-notice.ts";
import type { HeaderList, Outcome } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import type { Codec } from "../codec.ts";
import { outcomeError } from "../error-source.ts";
import { reserveOutcome } from "../reserve-outcome.ts";
import type { UnaryRequest, UnaryRoute } from "../route.ts";
import { findMethod } from "./find-method.ts";
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
      return await outcomeReply(services, codec, request, { id, outcome, json: reference.json });
    }),
    typedRoute(Invocations.method.output, codec, async (reference, request) => {
      const id = await referencedId(services, reference, request);
      const outcome = await request.operations.output(id, { reserve: reserveOutcome(request) });
      if (outcome === undefined) {
        return { message: {}, headers: [[restateHeaders.invocationId, id]] };
      }
      return await outcomeReply(services, codec, request, { id, outcome, json: reference.json });
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

/** An invocation that has ended. */
interface Ended {
  readonly id: string;
  readonly outcome: Outcome;
  /** Whether the caller asks for JSON. */
  readonly json: boolean;
}

async function outcomeReply(
  services: readonly DescService[],
  codec: Codec,
  { operations }: UnaryRequest,
  { id, outcome, json }: Ended,
): Promise<{ readonly message: { pb: Uint8Array } | { json: Value }; readonly headers: HeaderList }> {
  const headers: HeaderList = [[restateHeaders.invocationId, id]];
  if (!outcome.ok) {
    throw outcomeError(outcome.failure, headers);
  }
  const message = json
    ? { json: await jsonOutcome(services, codec, operations, id, outcome.output) }
    : { pb: outcome.output };
  return { message, headers: [...headers, ...outcome.headers] };
}

/** An outcome in JSON, by the response message of the method that the invocation is of. */
async function jsonOutcome(
  services: readonly DescService[],
  codec: Codec,
  operations: Pick<Operations, "get">,
  id: string,
  output: Uint8Array,
): Promise<Value> {
  const { $typeName, service, method } = await knownInvocation(operations, id);
  const schema = findMethod(services, { $typeName, service, method }).output;
  const text = new TextDecoder().decode(codec.transcode(schema, "json", output));
  return fromJson(ValueSchema, JSON.parse(text) as JsonValue);
}
