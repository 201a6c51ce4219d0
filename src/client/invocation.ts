import { type DescMessage, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import {
  type Invocation as InvocationInfo,
  Invocations,
} from "../../generated/restateconnect/v1/invocations_pb.ts";
import { outcomeSchema, withContextValue } from "../contract/call-subject.ts";
import type { CallOptions } from "./options.ts";
import { unary } from "./unary.ts";

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

/** What an invocation of a method with this response message resolves to. */
export type InvocationResult<S extends DescMessage> = S extends typeof EmptySchema ? void : MessageShape<S>;

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
    async attach(options) {
      const contextValues = withContextValue(options?.contextValues, outcomeSchema, schema);
      const { message } = await unary(
        transport,
        Invocations.method.attach,
        { id },
        { ...options, contextValues },
      );
      return decodeResult(schema, id, message.pb);
    },
    async get(options) {
      const { message } = await unary(transport, Invocations.method.get, { id }, options);
      if (message.invocation === undefined) {
        throw new ConnectError(`the answer to Get of ${id} has no invocation in it`, Code.Internal);
      }
      return message.invocation;
    },
  };
}

function decodeResult<S extends DescMessage>(schema: S, id: string, bytes: Uint8Array): InvocationResult<S> {
  // The conditional type cannot be narrowed by a value: both branches say what it says.
  if (schema.typeName === EmptySchema.typeName) {
    return undefined as InvocationResult<S>;
  }
  try {
    return fromBinary(schema, bytes) as InvocationResult<S>;
  } catch (cause) {
    throw new ConnectError(
      `the result of ${id} is no ${schema.typeName}: ${String(cause)}`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
}
