import { create, type DescMessage, type DescMethod, type DescService, toBinary } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import {
  Ingress,
  type InvokeRequest,
  type InvokeResponseSchema,
} from "../../../generated/dev/restate/services_pb.ts";
import type { Accepted, EngineSendOptions } from "../../engine/engine.ts";
import type { HeaderList } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { targetOf } from "../../model/target.ts";
import { readDelayMs } from "../../wire/invocation-headers.ts";
import { readObjectKey } from "../../wire/object-key.ts";
import type { Argument, Codec } from "../codec.ts";
import { idempotencyOf } from "../idempotency.ts";
import { type InterceptedRequest, intercept } from "../intercept.ts";
import type { UnaryRequest, UnaryRoute } from "../route.ts";
import { findMethod } from "./find-method.ts";
import { type TypedResponse, typedRoute } from "./typed-route.ts";

/** `dev.restate.Ingress/Invoke`: one-way invocations of these services. */
export function invokeRoute(
  services: readonly DescService[],
  codec: Codec,
  interceptors: readonly Interceptor[] = [],
): UnaryRoute {
  return typedRoute(Ingress.method.invoke, codec, async (input, request) => {
    const method = findMethod(services, input);
    const { metadata: headers, scope } = await request.admit(method);
    const { message, bytes } = readArgument(method, input, request, codec);
    if (interceptors.length > 0) {
      return sendThrough(interceptors, method, request, { message, metadata: headers, scope });
    }
    const options = { ...sendOptions(method, request, scope), headers };
    const target = targetOf(method, message, readObjectKey(request.header));
    const accepted = await request.operations.send(target, bytes, options);
    return { message: { id: accepted.id }, headers: acceptedHeaders(accepted) };
  });
}

/** Sends through interceptors, as a request of the target's method with an empty response. */
async function sendThrough(
  interceptors: readonly Interceptor[],
  method: DescMethod,
  request: UnaryRequest,
  { scope, ...given }: InterceptedRequest & { readonly scope: string | undefined },
): Promise<TypedResponse<typeof InvokeResponseSchema>> {
  let id: string | undefined;
  const { headers } = await intercept(interceptors, method, request, given, async ({ message, metadata }) => {
    const target = targetOf(method, message, readObjectKey(request.header));
    const options = { ...sendOptions(method, request, scope), headers: metadata };
    const accepted = await request.operations.send(target, toBinary(method.input, message), options);
    id = accepted.id;
    return { message: create(method.output), headers: acceptedHeaders(accepted), trailers: [] };
  });
  if (id === undefined) {
    throw new Error(`an interceptor answered a one-way invocation of ${method.name} without passing it on`);
  }
  return { message: { id }, headers };
}

/** The request message of the target. */
function readArgument(
  method: DescMethod,
  { argument }: InvokeRequest,
  { memory }: UnaryRequest,
  codec: Codec,
): Argument<DescMessage> {
  return argument.case === "payload"
    ? codec.argumentFromJson(method.input, argument.value, memory)
    : codec.argument(method.input, {
        format: "binary",
        message: argument.value ?? new Uint8Array(),
        memory,
      });
}

function sendOptions(
  method: DescMethod,
  { header }: UnaryRequest,
  scope: string | undefined,
): EngineSendOptions {
  const idempotency = idempotencyOf(method, header, scope);
  const delayMs = readDelayMs(header);
  return {
    ...(idempotency === undefined ? {} : { idempotency }),
    ...(delayMs === undefined ? {} : { delayMs }),
  };
}

function acceptedHeaders({ id, duplicate, executeAt }: Accepted): HeaderList {
  const headers: [string, string][] = [
    [restateHeaders.invocationId, id],
    [restateHeaders.sendStatus, duplicate ? "previously-accepted" : "accepted"],
  ];
  if (executeAt !== undefined) {
    headers.push([restateHeaders.executionTime, executeAt.toISOString()]);
  }
  return headers;
}
