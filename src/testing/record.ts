import type { DescMessage, DescMethod, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import type { Invocation } from "../client/invocation.ts";
import type { InvocationResult } from "../client/outcome.ts";

/** A call that a test transport was given. */
export interface Call<I extends DescMessage = DescMessage> {
  /** What was called. */
  readonly method: DescMethodUnary<I>;
  /** The object key or the workflow's id. "" for a SINGLETON, undefined for a service without keys. */
  readonly key: string | undefined;
  /** The request message. */
  readonly message: MessageShape<I>;
  /** The idempotency key. Undefined: none was given. */
  readonly idempotencyKey: string | undefined;
  /** The caller's own headers. */
  readonly headers: Headers;
}

/** A one-way invocation that was accepted. */
export interface Send<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage>
  extends Call<I> {
  /** What was invoked. */
  readonly method: DescMethodUnary<I, O>;
  /** The time before it runs, ms. Undefined: at once. */
  readonly delay: number | undefined;
  /** Its handle, as the sender has it: `id`, `attach`, `output`, `get` and `cancel`. */
  readonly invocation: Invocation<InvocationResult<O>>;
}

/** The calls of one method, in the order in which they came; without a method those of all methods. */
export interface Calls {
  /** The calls of this method. */
  <I extends DescMessage>(method: DescMethodUnary<I>): readonly Call<I>[];
  /** All calls. */
  (): readonly Call[];
}

/** The sends of one method, in the order in which they were accepted; without a method those of all methods. */
export interface Sends {
  /** The sends of this method. */
  <I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>): readonly Send<I, O>[];
  /** All sends. */
  (): readonly Send[];
}

/** Those of one method. Descriptors are compared by name: another copy of the generated code has its own. */
export function ofMethod<T extends Call>(
  all: readonly T[],
  method: DescMethodUnary | undefined,
): readonly T[] {
  return all.filter((one) => method === undefined || methodPath(one.method) === methodPath(method));
}

/** A method as errors name it. */
export function methodPath({ parent, name }: DescMethod): string {
  return `${parent.typeName}/${name}`;
}
