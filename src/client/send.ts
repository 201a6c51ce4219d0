import type { DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { invoked, withContextValue } from "../model/call-subject.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { binaryFormat, encodeMessage } from "../wire/message-format.ts";
import { objectKeyHeaders } from "../wire/object-key.ts";
import { type Invocation, invocation } from "./invocation.ts";
import type { SendOptions } from "./options.ts";
import type { Prepared } from "./prepared.ts";
import { unary } from "./unary.ts";

/**
 * Sends one way through `dev.restate.Ingress/Invoke`. The request travels as Protobuf bytes: exact for
 * every type, which the JSON form of the argument is not.
 */
export async function send(
  transport: Transport,
  method: DescMethodUnary,
  { message: request, key }: Prepared,
  options: SendOptions | undefined,
): Promise<Invocation<unknown>> {
  const delayMs = checkedDelayMs(options?.delay);
  const subject = { method, request, key, delayMs };
  const name = `${method.parent.typeName}/${method.name}`;
  const pb = encodeMessage(`the request of ${name}`, method.input, binaryFormat, request);
  const { message, header } = await unary(
    transport,
    Ingress.method.invoke,
    { service: method.parent.typeName, method: method.name, argument: { case: "pb", value: pb } },
    { ...options, contextValues: withContextValue(options?.contextValues, invoked, subject) },
    {
      ...objectKeyHeaders(key),
      ...(delayMs === undefined ? undefined : { [restateHeaders.delay]: String(delayMs) }),
    },
  );
  if (delayMs !== undefined && !confirmsDelay(header)) {
    throw new ConnectError(
      `the server does not support delays and accepted ${message.id} to run immediately: ` +
        `its response lacks ${restateHeaders.executionTime}. Cancel it by id if that is wrong`,
      Code.FailedPrecondition,
    );
  }
  return invocation(transport, message.id, method.output);
}

/** The delay in whole ms, undefined for none. */
function checkedDelayMs(delay = 0): number | undefined {
  const ms = Math.ceil(delay);
  if (!Number.isSafeInteger(ms) || ms < 0) {
    throw new ConnectError(
      `delay is ${delay}: it must be a number of milliseconds, 0 or more`,
      Code.InvalidArgument,
    );
  }
  return ms === 0 ? undefined : ms;
}

/**
 * True when the response to a delayed send shows that the server knows delays. A duplicate shows as much: it was
 * accepted before, and a Restate server does not say again when that one is due.
 */
export function confirmsDelay(header: Headers): boolean {
  return (
    header.has(restateHeaders.executionTime) ||
    header.get(restateHeaders.sendStatus) === "previously-accepted"
  );
}
