import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
  toJsonString,
} from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, type UnaryRequest } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import {
  Awakeables,
  Ingress,
  type ResolveAwakeableRequest,
} from "../../../generated/dev/restate/services_pb.ts";
import { InvocationState, Invocations } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { outcomeSchema } from "../../contract/call-subject.ts";
import type { WorkflowRun } from "../../engine/engine.ts";
import { contentTypes, type Payload } from "../../wire/payload.ts";
import { restateHeaders } from "../../wire/restate-headers.ts";
import type { Encoding, Exchange } from "./call.ts";
import { refuseForeignJson } from "./foreign-json.ts";
import type { IngressApi, RequestOptions } from "./ingress-api.ts";
import { invoke } from "./invoke.ts";
import { outcomeBytes } from "./outcome-bytes.ts";

/** By `service/method`: what are services on our own ingress and paths on Restate's. */
export const builtins: ReadonlyMap<string, Exchange> = new Map([
  builtin(Ingress.method.invoke, invoke),
  builtin(Awakeables.method.resolve, async (message, { ingress, request }) => {
    await ingress.resolveAwakeable(message.id, awakeableValue(message), plain(request));
    return { header: new Headers(), message: {} };
  }),
  builtin(Awakeables.method.reject, async ({ id, reason }, { ingress, request }) => {
    await ingress.rejectAwakeable(id, reason, plain(request));
    return { header: new Headers(), message: {} };
  }),
  builtin(Invocations.method.attach, async ({ id, workflow }, { ingress, request, encoding }) => {
    const answer = await ingress.attach(workflow ?? id, plain(request));
    const name = workflow === undefined ? id : `${workflow.service} ${workflow.id}`;
    const schema = request.contextValues.get(outcomeSchema);
    if (schema !== undefined) {
      refuseForeignJson(request.url, schema, answer);
    }
    return {
      header: answer.header,
      message: { pb: outcomeBytes(name, answer.body, schema, encoding.registry) },
    };
  }),
  builtin(Invocations.method.get, async ({ id, workflow }, { ingress, request }) => {
    const invocation = await invocationInfo(workflow ?? id, ingress, request);
    return { header: new Headers(), message: { invocation } };
  }),
]);

/** What a built-in gets beside its request message. */
export interface BuiltinContext {
  readonly ingress: IngressApi;
  readonly request: UnaryRequest;
  readonly encoding: Encoding;
}

function builtin<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  run: (
    message: MessageShape<I>,
    context: BuiltinContext,
  ) => Promise<{ readonly header: Headers; readonly message: MessageInitShape<O> }>,
): [string, Exchange] {
  return [
    `${method.parent.typeName}/${method.name}`,
    async (request, ingress, encoding) => {
      // The request of this method has a message of its schema: the map's key says so.
      const { header, message } = await run(request.message as MessageShape<I>, {
        ingress,
        request,
        encoding,
      });
      return { header, message: create(method.output, message) };
    },
  ];
}

function plain({ header, signal }: UnaryRequest): RequestOptions {
  return { header: Object.fromEntries(header), signal };
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

/**
 * All that Restate's ingress tells of an invocation is whether it ended, and how. The state of one that
 * has not ended stays unspecified: only the admin API knows it.
 */
async function invocationInfo(
  which: string | WorkflowRun,
  ingress: IngressApi,
  request: UnaryRequest,
): Promise<MessageInitShape<typeof Invocations.method.get.output>["invocation"]> {
  const idFrom = (header: Headers) =>
    typeof which === "string" ? which : (header.get(restateHeaders.invocationId) ?? "");
  try {
    const { header } = await ingress.output(which, plain(request));
    return { id: idFrom(header), state: InvocationState.SUCCEEDED };
  } catch (reason) {
    const error = ConnectError.from(reason);
    const id = idFrom(error.metadata);
    if (error.metadata.get(restateHeaders.errorSource) === "invocation") {
      const lastFailure = { code: codeToString(error.code), message: error.rawMessage };
      return { id, state: InvocationState.FAILED, lastFailure };
    }
    if (error.metadata.get(restateHeaders.errorCode) === "470") {
      return { id };
    }
    throw reason;
  }
}
