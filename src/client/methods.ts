import type { DescMethod, DescMethodUnary, Message } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { memberName } from "../model/member-name.ts";
import { isUnary } from "../model/unary-methods.ts";
import { isEmpty } from "../model/well-known.ts";
import { objectKeyHeaders } from "../wire/object-key.ts";
import type { CallOptions, SendOptions } from "./options.ts";
import type { Prepared } from "./prepared.ts";
import { unary } from "./unary.ts";

/** The methods of a typed client by their names, and `send` with the same ones. */
export type ClientMethods = Readonly<Record<string, unknown>>;

/** Makes the request to send of what the caller gave; throws where the key is missing. */
export type Prepare = (method: DescMethod, request: Message | undefined) => Prepared;

/** Makes a call and a send of each unary method. What sends need is loaded by the first: few pages send. */
export function methodsOf(
  methods: readonly DescMethod[],
  transport: Transport,
  prepare: Prepare,
): ClientMethods {
  const callOf = (method: DescMethodUnary) => {
    const returnsMessage = !isEmpty(method.output);
    return async (...args: unknown[]) => {
      const { request, options } = readArguments<CallOptions>(method, args);
      const { message: input, key } = prepare(method, request);
      const { message } = await unary(transport, method, input, options, objectKeyHeaders(key));
      return returnsMessage ? message : undefined;
    };
  };
  const sendOf = (method: DescMethodUnary) => {
    return async (...args: unknown[]) => {
      const { request, options } = readArguments<SendOptions>(method, args);
      const prepared = prepare(method, request);
      const { send } = await import("./send.ts");
      return await send(transport, method, prepared, options);
    };
  };
  const members = (make: (method: DescMethodUnary) => unknown): ClientMethods =>
    // Not by assignment, which would change the prototype for a method named __proto__.
    Object.fromEntries(methods.filter(isUnary).map((method) => [memberName(method), make(method)]));
  return { ...members(callOf), send: members(sendOf) };
}

/** What a generated method was called with: a request, unless it is `google.protobuf.Empty`, and options. */
export function readArguments<O>(
  { input }: DescMethod,
  args: readonly unknown[],
): { readonly request: Message | undefined; readonly options: O | undefined } {
  const [request, options] = isEmpty(input) ? [undefined, ...args] : args;
  // The generated interface says what they are.
  return { request: request as Message | undefined, options: options as O | undefined };
}
