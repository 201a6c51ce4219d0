import { type DescMessage, fromBinary, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import {
  type AttachRequestSchema,
  type Invocation as InvocationInfo,
  Invocations,
} from "../../generated/restateconnect/v1/invocations_pb.ts";
import { outcomeSchema, withContextValue } from "../model/call-subject.ts";
import type { CallOptions } from "./options.ts";
import { unary } from "./unary.ts";

/** Which invocation is meant: an id, a workflow, which stands for its one run, or an idempotency key. */
export type Reference = Omit<MessageInitShape<typeof AttachRequestSchema>, "$typeName">;

/** What an invocation of a method with this response message resolves to. */
export type InvocationResult<S extends DescMessage> = S extends typeof EmptySchema ? void : MessageShape<S>;

/** Waits for an outcome and gives the response message. Throws the invocation's own error. */
export async function attachTo<S extends DescMessage>(
  transport: Transport,
  reference: Reference,
  schema: S,
  options: CallOptions | undefined,
): Promise<MessageShape<S>> {
  const { message } = await unary(
    transport,
    Invocations.method.attach,
    reference,
    withSchema(options, schema),
  );
  return readOutcome(reference, schema, message.pb);
}

/** The response message of an invocation, or undefined while it has not ended. Throws the invocation's own error. */
export async function outputOf<S extends DescMessage>(
  transport: Transport,
  reference: Reference,
  schema: S,
  options: CallOptions | undefined,
): Promise<MessageShape<S> | undefined> {
  const { message } = await unary(
    transport,
    Invocations.method.output,
    reference,
    withSchema(options, schema),
  );
  return message.pb === undefined ? undefined : readOutcome(reference, schema, message.pb);
}

function withSchema(options: CallOptions | undefined, schema: DescMessage): CallOptions {
  return { ...options, contextValues: withContextValue(options?.contextValues, outcomeSchema, schema) };
}

function readOutcome<S extends DescMessage>(
  reference: Reference,
  schema: S,
  bytes: Uint8Array,
): MessageShape<S> {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    throw new ConnectError(
      `the result of ${nameOf(reference)} is not a valid ${schema.typeName}: ${String(cause)}`,
      Code.Internal,
      undefined,
      undefined,
      cause,
    );
  }
}

/** Where an invocation stands. Does not wait. */
export async function getInvocation(
  transport: Transport,
  reference: Reference,
  options: CallOptions | undefined,
): Promise<InvocationInfo> {
  const { message } = await unary(transport, Invocations.method.get, reference, options);
  if (message.invocation === undefined) {
    throw new ConnectError(
      `the answer to Get of ${nameOf(reference)} has no invocation in it`,
      Code.Internal,
    );
  }
  return message.invocation;
}

/** The message as callers get it: nothing for `google.protobuf.Empty`. */
export function resultOf<S extends DescMessage>(schema: S, message: MessageShape<S>): InvocationResult<S> {
  // The conditional type cannot be narrowed by a value: both branches say what it says.
  return (schema.typeName === EmptySchema.typeName ? undefined : message) as InvocationResult<S>;
}

function nameOf({ id, workflow, idempotentInvocation: idempotent }: Reference): string {
  if (idempotent !== undefined) {
    return `${idempotent.service}/${idempotent.method} with idempotency key ${idempotent.idempotencyKey}`;
  }
  return workflow === undefined ? `${id}` : `${workflow.service} ${workflow.id}`;
}
