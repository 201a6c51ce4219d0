import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import type { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import {
  type AttachRequestSchema,
  type Invocation as InvocationInfo,
  Invocations,
} from "../../generated/restateconnect/v1/invocations_pb.ts";
import { outcomeSchema, withContextValue } from "../model/call-subject.ts";
import { errorWithCause } from "../model/error-with-cause.ts";
import { isEmpty } from "../model/well-known.ts";
import { binaryFormat, decodeMessage } from "../wire/message-format.ts";
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
  const message = await ask(transport, Invocations.method.attach, reference, withSchema(options, schema));
  return readOutcome(reference, schema, message.pb);
}

/** The response message of an invocation, or undefined while it has not ended. Throws the invocation's own error. */
export async function outputOf<S extends DescMessage>(
  transport: Transport,
  reference: Reference,
  schema: S,
  options: CallOptions | undefined,
): Promise<MessageShape<S> | undefined> {
  const message = await ask(transport, Invocations.method.output, reference, withSchema(options, schema));
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
  return decodeMessage({
    what: `the outcome of ${nameOf(reference)}`,
    schema,
    format: binaryFormat,
    bytes,
    code: Code.Internal,
  });
}

/**
 * Asks about an invocation.
 *
 * @throws ConnectError `unimplemented` by a server that knows nothing of outcomes. Restate 0.x says `not_found`
 *   then, as for an invocation that it has forgotten.
 */
async function ask<I extends DescMessage, O extends DescMessage>(
  transport: Transport,
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  options: CallOptions | undefined,
): Promise<MessageShape<O>> {
  try {
    return (await unary(transport, method, request, options)).message;
  } catch (reason) {
    const { code, rawMessage } = ConnectError.from(reason);
    if (code === Code.NotFound && noInvocations.test(rawMessage)) {
      throw errorWithCause(
        "this server cannot say how invocations ended: it has no restateconnect.v1.Invocations. " +
          'An ingress of restate-connect has it, and a Restate 1.x server needs protocol: "restate"',
        Code.Unimplemented,
        reason,
      );
    }
    throw reason;
  }
}

/** How Restate 0.x says that it does not have the service. */
const noInvocations = /^Service '?restateconnect\.v1\.Invocations'? not found/;

/** Where an invocation stands. Does not wait. */
export async function getInvocation(
  transport: Transport,
  reference: Reference,
  options: CallOptions | undefined,
): Promise<InvocationInfo> {
  const message = await ask(transport, Invocations.method.get, reference, options);
  if (message.invocation === undefined) {
    throw new ConnectError(
      `the response to Get of ${nameOf(reference)} has no invocation in it`,
      Code.Internal,
    );
  }
  return message.invocation;
}

/** The message as callers get it: nothing for `google.protobuf.Empty`. */
export function resultOf<S extends DescMessage>(schema: S, message: MessageShape<S>): InvocationResult<S> {
  // The conditional type cannot be narrowed by a value: both branches say what it says.
  return (isEmpty(schema) ? undefined : message) as InvocationResult<S>;
}

function nameOf({ id, workflow, idempotentInvocation: idempotent }: Reference): string {
  if (idempotent !== undefined) {
    return `${idempotent.service}/${idempotent.method} with idempotency key ${idempotent.idempotencyKey}`;
  }
  return workflow === undefined ? `${id}` : `${workflow.service} ${workflow.id}`;
}
