import {
  create,
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type UnaryRequest } from "@connectrpc/connect";
import { Awakeables, Ingress } from "../../generated/dev/restate/services_pb.ts";
import { Invocations } from "../../generated/restateconnect/v1/invocations_pb.ts";
import { invocationMessage } from "../ingress/builtin/invocation-message.ts";
import { outcomeError } from "../ingress/error-source.ts";
import { invoked } from "../model/call-subject.ts";
import type { HeaderList, Outcome } from "../model/outcome.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { readDelayMs } from "../wire/invocation-headers.ts";
import { type AwakeableCompletion, completionOf } from "./awakeable-completion.ts";
import { readCall } from "./read-call.ts";
import { methodPath } from "./record.ts";
import type { SentInvocations } from "./sent-invocations.ts";

/** What a test transport answers with. */
export interface TestResponse {
  readonly message: Message;
  readonly headers: HeaderList;
}

/** Answers a request with a message of the method's input. */
export type BuiltInAnswer = (message: Message, request: UnaryRequest) => Promise<TestResponse>;

/** The answers for the methods that every ingress has, by the paths of the methods. */
export function builtInAnswers(
  sent: SentInvocations,
  completions: AwakeableCompletion[],
): ReadonlyMap<string, BuiltInAnswer> {
  return new Map([
    answer(Ingress.method.invoke, async (message, request) => {
      const { method } = request.contextValues.get(invoked) ?? {};
      if (method === undefined) {
        throw notTyped(message.service, message.method);
      }
      const bytes = message.argument.case === "pb" ? message.argument.value : new Uint8Array();
      const delay = readDelayMs((name) => request.header.get(name));
      const call = readCall(method, fromBinary(method.input, bytes), request.header);
      const { id, isDuplicate } = sent.accept(call, delay);
      return { message: { id }, headers: acceptedHeaders(id, isDuplicate, delay) };
    }),
    answer(Awakeables.method.resolve, async (message) => {
      completions.push(completionOf(message));
      return { message: {} };
    }),
    answer(Awakeables.method.reject, async (message) => {
      completions.push(completionOf(message));
      return { message: {} };
    }),
    answer(Invocations.method.attach, async (message) => {
      const { send, outcome } = sent.find(message);
      return outcomeResponse(send.invocation.id, await outcome);
    }),
    answer(Invocations.method.output, async (message) => {
      const { send, output } = sent.find(message);
      return output === undefined ? { message: {} } : outcomeResponse(send.invocation.id, output);
    }),
    answer(Invocations.method.get, async (message) => ({
      message: { invocation: invocationMessage(sent.find(message).info()) },
    })),
    answer(Invocations.method.cancel, async (message) => {
      sent.find(message).cancel();
      return { message: {} };
    }),
  ]);
}

/** Answers a method of the contract, with its own types. */
function answer<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  respond: (
    message: MessageShape<I>,
    request: UnaryRequest,
  ) => Promise<{ readonly message: MessageInitShape<O>; readonly headers?: HeaderList }>,
): [string, BuiltInAnswer] {
  return [
    methodPath(method),
    async (given, request) => {
      // The transport decoded it with the method's schema.
      const { message, headers = [] } = await respond(given as MessageShape<I>, request);
      return { message: create(method.output, message), headers };
    },
  ];
}

function acceptedHeaders(id: string, isDuplicate: boolean, delay: number | undefined): HeaderList {
  const headers: [string, string][] = [
    [restateHeaders.invocationId, id],
    [restateHeaders.sendStatus, isDuplicate ? "previously-accepted" : "accepted"],
  ];
  if (delay !== undefined) {
    headers.push([restateHeaders.executionTime, new Date(Date.now() + delay).toISOString()]);
  }
  return headers;
}

/** @throws ConnectError that the invocation failed with */
function outcomeResponse(
  id: string,
  outcome: Outcome,
): { readonly message: { readonly pb: Uint8Array }; readonly headers: HeaderList } {
  const headers: HeaderList = [[restateHeaders.invocationId, id]];
  if (!outcome.ok) {
    throw outcomeError(outcome.failure, headers);
  }
  return { message: { pb: outcome.output }, headers };
}

function notTyped(service: string, method: string): ConnectError {
  return new ConnectError(
    `a test transport takes sends of generated clients only, not an Invoke of ${service}/${method}`,
    Code.Unimplemented,
  );
}
