import type { DescMessage } from "@bufbuild/protobuf";
import type { Empty } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import {
  type Invocation as InvocationInfo,
  Invocations,
} from "../../generated/restateconnect/v1/invocations_pb.ts";
import { type IdempotentInvocation, referenceTo, type WorkflowInvocation } from "./invocation-names.ts";
import type { CallOptions } from "./options.ts";
import {
  attachTo,
  getInvocation,
  type InvocationResult,
  outputOf,
  type Reference,
  resultOf,
} from "./outcome.ts";
import { unary } from "./unary.ts";

/** A one-way invocation that the ingress has accepted. `T` is its response message, void for `google.protobuf.Empty`. */
export interface Invocation<T> extends InvocationHandle<T> {
  /** Id of the invocation. Store it to create the handle again with {@link invocation}. */
  readonly id: string;
}

/** A handle of an invocation, by id, idempotency key or workflow id. */
export interface InvocationHandle<T> {
  /**
   * Waits for the outcome and returns the response message.
   *
   * @throws ConnectError the invocation's own error; `not_found` if the ingress does not know the invocation
   *   or no longer keeps its outcome; `deadline_exceeded` when `timeoutMs` passes first (the invocation goes on).
   */
  attach(options?: CallOptions): Promise<T>;
  /**
   * Returns the response message, or undefined while the invocation has not ended. Does not wait.
   *
   * @throws ConnectError as `attach` does.
   */
  output(options?: CallOptions): Promise<OutputMessage<T> | undefined>;
  /**
   * Returns the state (an `InvocationState`), attempts, times and last failure of the invocation. Does not wait.
   *
   * @throws ConnectError `not_found` if the ingress does not know the invocation.
   */
  get(options?: CallOptions): Promise<InvocationInfo>;
  /**
   * Asks the invocation to stop: it fails with `canceled` when its handler has reacted, and never runs if it
   * had not started. Resolves when the request is recorded. Has no effect on a finished invocation.
   *
   * Goes to the `adminUrl` of the transport, where that has one.
   *
   * @throws ConnectError without an `adminUrl`: `permission_denied` by an ingress, unless it lets callers cancel
   *   (`allowCancel`), and `failed_precondition` with `protocol: "restate"`; `not_found` for an unknown one.
   */
  cancel(options?: CallOptions): Promise<void>;
}

/** The response message of a finished invocation. An Empty message for `google.protobuf.Empty`, to differ from undefined. */
export type OutputMessage<T> = [T] extends [void] ? Empty : T;

/**
 * Creates the handle of an invocation from its stored id: `invocation(transport, id, GreetResponseSchema)`.
 * Makes no request. The schema is the response message of the invoked method.
 */
export function invocation<S extends DescMessage>(
  transport: Transport,
  id: string,
  schema: S,
): Invocation<InvocationResult<S>>;
/**
 * Creates the handle of an invocation from its idempotency key
 * (`invocation(transport, { method: Counter.method.add, key: "pete", idempotencyKey: "order-7" })`), or the id
 * of the workflow (`invocation(transport, { method: Signup.method.run, workflowId: "pete" })`). Sends nothing.
 *
 * @throws ConnectError `invalid_argument` if a key or id is not valid, or the method is not the run of a workflow.
 */
export function invocation<S extends DescMessage>(
  transport: Transport,
  which: IdempotentInvocation<S> | WorkflowInvocation<S>,
): InvocationHandle<InvocationResult<S>>;
export function invocation<S extends DescMessage>(
  transport: Transport,
  which: string | IdempotentInvocation<S> | WorkflowInvocation<S>,
  schema?: S,
): Invocation<InvocationResult<S>> | InvocationHandle<InvocationResult<S>> {
  if (typeof which !== "string") {
    return handleOf(transport, referenceTo(which), which.method.output);
  }
  // The overloads say that the schema comes with an id.
  return { id: which, ...handleOf(transport, { id: which }, schema as S) };
}

function handleOf<S extends DescMessage>(
  transport: Transport,
  reference: Reference,
  schema: S,
): InvocationHandle<InvocationResult<S>> {
  return {
    attach: async (options) => resultOf(schema, await attachTo(transport, reference, schema, options)),
    // By its type the message itself, Empty too.
    output: async (options) =>
      (await outputOf(transport, reference, schema, options)) as
        | OutputMessage<InvocationResult<S>>
        | undefined,
    get: async (options) => await getInvocation(transport, reference, options),
    cancel: async (options) => {
      await unary(transport, Invocations.method.cancel, reference, options);
    },
  };
}
