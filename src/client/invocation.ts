import type { DescMessage } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { Invocation as InvocationInfo } from "../../generated/restateconnect/v1/invocations_pb.ts";
import type { CallOptions } from "./options.ts";
import { attachTo, getInvocation, type InvocationResult, resultOf } from "./outcome.ts";

/** A one-way invocation that the ingress holds. `T`: its response message, void for `google.protobuf.Empty`. */
export interface Invocation<T> {
  /** Identifies the invocation. Store it, and rebuild the handle with {@link invocation}. */
  readonly id: string;
  /**
   * Waits for the outcome and returns the response message.
   *
   * @throws ConnectError the invocation's own error; `not_found` when the ingress does not know the id or
   *   no longer keeps its outcome; `deadline_exceeded` when `timeoutMs` passes first (the invocation goes on).
   */
  attach(options?: CallOptions): Promise<T>;
  /**
   * Where the invocation stands: state, attempts, times, last failure. Does not wait.
   *
   * @throws ConnectError `not_found` when the ingress does not know the id.
   */
  get(options?: CallOptions): Promise<InvocationInfo>;
}

/**
 * The handle of an invocation whose id was stored: `invocation(transport, id, GreetResponseSchema)`.
 * Sends nothing. The schema is the response message of the invoked method.
 */
export function invocation<S extends DescMessage>(
  transport: Transport,
  id: string,
  schema: S,
): Invocation<InvocationResult<S>> {
  return {
    id,
    attach: async (options) => resultOf(schema, await attachTo(transport, { id }, schema, options)),
    get: async (options) => await getInvocation(transport, { id }, options),
  };
}
