import { type DescMethodUnary, type DescService, fromBinary } from "@bufbuild/protobuf";
import type { Transport, UnaryRequest } from "@connectrpc/connect";
import { outcomeError } from "../ingress/error-source.ts";
import type { HeaderList, Outcome } from "../model/outcome.ts";
import { restateHeaders } from "../model/restate-headers.ts";
import { type Answers, AnswerTable } from "./answers.ts";
import type { AwakeableCompletion } from "./awakeable-completion.ts";
import { builtInAnswers, type TestResponse } from "./built-in-answers.ts";
import { numberedIds } from "./numbered-ids.ts";
import { readCall } from "./read-call.ts";
import { type Call, type Calls, methodPath, ofMethod, type Sends } from "./record.ts";
import { SentInvocations } from "./sent-invocations.ts";
import { unaryTransport } from "./unary-transport.ts";

/** A transport that answers as a test says, and keeps what it was asked. Made by {@link createTestTransport}. */
export interface TestTransport extends Transport {
  /**
   * Adds answers for methods of a service: `transport.answer(Greeter, { greet: ({ name }) => ({ greeting: name }) })`.
   * The later answer for a method counts. An answer that throws a `ConnectError` fails the call with it.
   *
   * @throws Error that names an answer to a method that the service does not have
   */
  answer<S extends DescService>(service: S, answers: Answers<S>): TestTransport;
  /** The calls of one method, the oldest first; without a method those of all methods. */
  readonly calls: Calls;
  /** The one-way invocations of one method, the oldest first; without a method those of all methods. */
  readonly sends: Sends;
  /** The awakeables that were completed, the oldest first. */
  completions(): readonly AwakeableCompletion[];
}

/**
 * Makes a transport without a server, for tests of code that calls and sends: generated clients work on it as on any
 * other. Calls get the test's answers; a call without an answer fails with `unimplemented` and names its method. Sends
 * are accepted without an answer too. With one, that is run at once, regardless of the delay, and is the outcome that
 * `attach` and `output` give; an answer that returns a promise leaves the outcome open until then.
 *
 * ```ts
 * const transport = createTestTransport().answer(Greeter, { greet: ({ name }) => ({ greeting: `Hello ${name}` }) });
 * await createGreeterClient(transport).send.greet({ name: "Pete" });
 * transport.sends(Greeter.method.greet); // [{ message: { name: "Pete" }, … }]
 * ```
 *
 * Needs nothing of Node, so that it runs in a browser too.
 */
export function createTestTransport(): TestTransport {
  const newId = numberedIds();
  const answers = new AnswerTable();
  const calls: Call[] = [];
  const completions: AwakeableCompletion[] = [];
  const respond = async (request: UnaryRequest): Promise<TestResponse> => {
    const { method, message, header } = request;
    const builtIn = builtIns.get(methodPath(method));
    if (builtIn !== undefined) {
      return await builtIn(message, request);
    }
    const call = readCall(method, message, header);
    calls.push(call);
    return callResponse(call, newId(), await answers.run(call));
  };
  const transport: TestTransport = {
    ...unaryTransport(respond),
    answer(service, given) {
      answers.add(service, given);
      return transport;
    },
    calls: (method?: DescMethodUnary) => ofMethod(calls, method),
    sends: (method?: DescMethodUnary) => ofMethod(sent.sends, method),
    completions: () => [...completions],
  };
  const sent = new SentInvocations(transport, newId, (call) => answers.run(call));
  const builtIns = builtInAnswers(sent, completions);
  return transport;
}

/** @throws ConnectError that the test's answer failed with */
function callResponse({ method }: Call, id: string, outcome: Outcome): TestResponse {
  const headers: HeaderList = [[restateHeaders.invocationId, id]];
  if (!outcome.ok) {
    throw outcomeError(outcome.failure, headers);
  }
  return { message: fromBinary(method.output, outcome.output), headers };
}
