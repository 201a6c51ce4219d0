import type { DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { Ingress, type InvokeRequest } from "../../../generated/dev/restate/services_pb.ts";
import type { Accepted, EngineSendOptions } from "../../engine/engine.ts";
import { excerpt } from "../../model/excerpt.ts";
import type { HeaderList } from "../../model/outcome.ts";
import { restateHeaders } from "../../model/restate-headers.ts";
import { targetOf } from "../../model/target.ts";
import { readDelayMs } from "../../wire/invocation-headers.ts";
import { readObjectKey } from "../../wire/object-key.ts";
import type { Argument, Codec } from "../codec.ts";
import { idempotencyOf } from "../idempotency.ts";
import type { UnaryRequest, UnaryRoute } from "../route.ts";
import { findMethod } from "./find-method.ts";
import { typedRoute } from "./typed-route.ts";

/** `dev.restate.Ingress/Invoke`: one-way invocations of these services. */
export function invokeRoute(services: readonly DescService[], codec: Codec): UnaryRoute {
  return typedRoute(Ingress.method.invoke, codec, async (input, request) => {
    const method = findMethod(services, input);
    const { metadata: headers, scope } = await request.admit(method);
    const { message, bytes } = readArgument(method, input, request, codec);
    const options = { ...sendOptions(method, request, scope), headers };
    const target = targetOf(method, message, readObjectKey(request.header));
    const accepted = await request.operations.send(target, bytes, options);
    return { message: { id: accepted.id }, headers: acceptedHeaders(accepted) };
  });
}

/** The request message of the target. */
function readArgument(
  method: DescMethod,
  { argument }: InvokeRequest,
  { memory }: UnaryRequest,
  codec: Codec,
): Argument<DescMessage> {
  return argument.case === "payload"
    ? convert(method, () => codec.argumentFromJson(method.input, argument.value, memory))
    : codec.argument(method.input, {
        format: "binary",
        message: argument.value ?? new Uint8Array(),
        memory,
      });
}

/** The request itself is well-formed; what it carries does not fit the target. */
function convert<T>(method: DescMethod, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ConnectError) {
      throw cause;
    }
    const why = excerpt(cause instanceof Error ? cause.message : String(cause), 400);
    throw new ConnectError(
      `The argument is not a valid ${method.input.typeName}: ${why}`,
      Code.FailedPrecondition,
      undefined,
      undefined,
      cause,
    );
  }
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
