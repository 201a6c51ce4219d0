import {
  clone,
  create,
  type DescMethod,
  type DescMethodUnary,
  type DescService,
  isMessage,
  type Message,
} from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { keyField } from "../contract/key-field.ts";
import { memberName } from "../contract/member-name.ts";
import { serviceKind } from "../contract/service-kind.ts";
import { requireKey, targetOf } from "../contract/target.ts";
import type { CallOptions, SendOptions } from "./options.ts";
import { send } from "./send.ts";
import { unary } from "./unary.ts";

/**
 * Makes the object behind a generated client interface: `createGreeterClient(transport)` calls this.
 * `T` is that interface; what it says and what the descriptor says are one, for they come from one proto.
 */
export function createClient<T>(service: DescService, transport: Transport): T {
  const client = methodsOf(service, transport, (method, request) => {
    const message = create(method.input, request);
    targetOf(method, message);
    return message;
  });
  if (serviceKind(service) === "keyed") {
    client.key = (key: string) => {
      requireKey(key, `the argument of key() of ${service.typeName}`);
      return methodsOf(service, transport, (method, request) => withKey(method, request, key));
    };
  }
  return client as T;
}

/** Makes the message to send of what the caller gave; throws where the key is missing. */
type Prepare = (method: DescMethod, request: Message | undefined) => Message;

function methodsOf(service: DescService, transport: Transport, prepare: Prepare): Record<string, unknown> {
  const calls: Record<string, unknown> = {};
  const sends: Record<string, unknown> = {};
  for (const method of service.methods.filter(isUnary)) {
    const takesRequest = method.input.typeName !== EmptySchema.typeName;
    const returnsMessage = method.output.typeName !== EmptySchema.typeName;
    calls[memberName(method)] = async (...args: unknown[]) => {
      const [request, options] = takesRequest ? args : [undefined, ...args];
      const input = prepare(method, request as Message | undefined);
      const { message } = await unary(transport, method, input, options as CallOptions | undefined);
      return returnsMessage ? message : undefined;
    };
    sends[memberName(method)] = async (...args: unknown[]) => {
      const [request, options] = takesRequest ? args : [undefined, ...args];
      const input = prepare(method, request as Message | undefined);
      return await send(transport, method, input, options as SendOptions | undefined);
    };
  }
  calls.send = sends;
  return calls;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}

/** A copy of the request that names the object; the caller's own stays as it is. */
function withKey(method: DescMethod, request: Message | undefined, key: string): Message {
  const message = isMessage(request, method.input)
    ? clone(method.input, request)
    : create(method.input, request);
  (message as Message & Record<string, unknown>)[keyField(method.input).localName] = key;
  return message;
}
