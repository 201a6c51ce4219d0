import { type DescMethodUnary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { Ingress } from "../../generated/dev/restate/services_pb.ts";
import { invoked, withContextValue } from "../model/call-subject.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { objectKeyHeaders } from "../wire/object-key.ts";
import { confirmsDelay } from "./delay.ts";
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
  const delay = options?.delay ?? 0;
  const response = await unary(
    transport,
    Ingress.method.invoke,
    {
      service: method.parent.typeName,
      method: method.name,
      argument: { case: "pb", value: toBinary(method.input, request) },
    },
    { ...options, contextValues: withContextValue(options?.contextValues, invoked, { method, request }) },
    delay === 0
      ? objectKeyHeaders(key)
      : { ...objectKeyHeaders(key), [restateHeaders.delay]: delayMs(delay) },
  );
  const { message } = response;
  if (delay !== 0 && !confirmsDelay(response.header)) {
    throw new ConnectError(
      `the server does not support delays and accepted ${message.id} to run immediately: ` +
        `its answer lacks ${restateHeaders.executionTime}. Cancel it by id if that is wrong`,
      Code.FailedPrecondition,
    );
  }
  return invocation(transport, message.id, method.output);
}

function delayMs(delay: number): string {
  if (Number.isSafeInteger(Math.ceil(delay)) && delay > 0) {
    return String(Math.ceil(delay));
  }
  throw new ConnectError(
    `delay is ${delay}: it must be a number of milliseconds, 0 or more`,
    Code.InvalidArgument,
  );
}
