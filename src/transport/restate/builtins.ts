import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  toJsonString,
} from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  Awakeables,
  Ingress,
  type ResolveAwakeableRequest,
} from "../../../generated/dev/restate/services_pb.ts";
import { type AttachRequest, Invocations } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { outcomeSchema } from "../../model/call-subject.ts";
import { perDescriptor } from "../../model/per-descriptor.ts";
import type { IngressAnswer } from "../../restate-api/ingress-api.ts";
import { type InvocationReference, nameOfInvocation } from "../../restate-api/invocation-reference.ts";
import { outcomeBytes } from "../../restate-api/outcome-bytes.ts";
import { isNotReady } from "../../restate-api/response-error.ts";
import { contentTypes } from "../../wire/content-types.ts";
import type { Payload } from "../../wire/payload.ts";
import type { LazyMetadata } from "../lazy-response.ts";
import type { BuiltinContext } from "./builtin-context.ts";
import { call, type Exchange, requestOptions } from "./call.ts";
import { refuseForeignJson } from "./foreign-json.ts";
import { invocationInfo } from "./invocation-info.ts";
import { invoke } from "./invoke.ts";

/** What a method does on Restate: a call, unless it is of a service of our own ingress. */
export const exchangeOf: (method: DescMethodUnary) => Exchange = /*@__PURE__*/ perDescriptor(
  ({ parent, name }) => builtins.get(`${parent.typeName}/${name}`) ?? call,
);

/** True for calls and sends, which are one request to Restate each. */
export function isOneRequest(method: DescMethodUnary): boolean {
  return exchangeOf(method) === call || method.parent.typeName === Ingress.typeName;
}

/** By `service/method`: what are services on our own ingress and paths on Restate's. */
const builtins: ReadonlyMap<string, Exchange> = new Map([
  builtin(Ingress.method.invoke, invoke),
  builtin(Awakeables.method.resolve, async (message, { ingress, request }) => {
    await ingress.resolveAwakeable(message.id, awakeableValue(message), requestOptions(request));
    return { metadata: { header: new Headers() }, message: {} };
  }),
  builtin(Awakeables.method.reject, async ({ id, reason }, { ingress, request }) => {
    await ingress.rejectAwakeable(id, reason, requestOptions(request));
    return { metadata: { header: new Headers() }, message: {} };
  }),
  builtin(Invocations.method.attach, async (message, context) => {
    const which = referenceIn(message);
    const answer = await context.ingress.attach(which, requestOptions(context.request));
    return { metadata: answer, message: { pb: outcomeIn(which, answer, context) } };
  }),
  builtin(Invocations.method.output, async (message, context) => {
    const which = referenceIn(message);
    try {
      const answer = await context.ingress.output(which, requestOptions(context.request));
      return { metadata: answer, message: { pb: outcomeIn(which, answer, context) } };
    } catch (reason) {
      if (isNotReady(reason)) {
        return { metadata: { header: new Headers() }, message: {} };
      }
      throw reason;
    }
  }),
  builtin(Invocations.method.get, async (message, { ingress, request }) => {
    const invocation = await invocationInfo(referenceIn(message), ingress, request);
    return { metadata: { header: new Headers() }, message: { invocation } };
  }),
  builtin(Invocations.method.cancel, async (message, { ingress, request }) => {
    await ingress.cancel(referenceIn(message), requestOptions(request));
    return { metadata: { header: new Headers() }, message: {} };
  }),
]);

function referenceIn({
  id,
  workflow,
  idempotentInvocation,
}: Omit<AttachRequest, "$typeName" | "json">): InvocationReference {
  if (idempotentInvocation === undefined) {
    return workflow ?? id;
  }
  const { service, method, key, idempotencyKey } = idempotentInvocation;
  return { service, method, key, idempotencyKey };
}

function outcomeIn(
  which: InvocationReference,
  answer: IngressAnswer,
  { request, encoding }: BuiltinContext,
): Uint8Array {
  const schema = request.contextValues.get(outcomeSchema);
  if (schema !== undefined) {
    refuseForeignJson(request.url, schema, answer);
  }
  return outcomeBytes(nameOfInvocation(which), answer.body, schema, encoding.registry);
}

function builtin<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  run: (
    message: MessageShape<I>,
    context: BuiltinContext,
  ) => Promise<{ readonly metadata: LazyMetadata; readonly message: MessageInitShape<O> }>,
): [string, Exchange] {
  return [
    `${method.parent.typeName}/${method.name}`,
    async (request, ingress, encoding) => {
      // The request of this method has a message of its schema: the map's key says so.
      const reply = await run(request.message as MessageShape<I>, { ingress, request, encoding });
      return { message: create(method.output, reply.message), metadata: reply.metadata };
    },
  ];
}

function awakeableValue({ id, result }: ResolveAwakeableRequest): Payload {
  switch (result.case) {
    case "bytesResult":
      return { contentType: contentTypes.binary, bytes: result.value };
    case "jsonResult":
      return {
        contentType: contentTypes.json,
        bytes: new TextEncoder().encode(toJsonString(ValueSchema, result.value)),
      };
    default:
      throw new ConnectError(
        `awakeable ${id} cannot be resolved without a value: set bytes_result or json_result`,
        Code.InvalidArgument,
      );
  }
}
