import {
  create,
  type DescMethodUnary,
  type DescService,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { messageOf } from "../model/error-with-cause.ts";
import { failureFrom } from "../model/failure.ts";
import type { Failed, Outcome } from "../model/outcome.ts";
import { unaryMethods } from "../model/unary-methods.ts";
import type { HandlerResult } from "../service/service.ts";
import { type Call, methodPath } from "./record.ts";

/** Answers for methods of a service, like its handlers, of which some may be left out. */
export type Answers<S extends DescService> = {
  [K in keyof S["method"] as S["method"][K] extends DescMethodUnary ? K : never]?: (
    request: MessageShape<S["method"][K]["input"]>,
    call: Call<S["method"][K]["input"]>,
  ) => Promise<HandlerResult<S["method"][K]>> | HandlerResult<S["method"][K]>;
};

type Answer = (request: never, call: Call) => unknown;

/** The answers of a test, by method. */
export class AnswerTable {
  readonly #byMethod = new Map<string, Answer>();

  /**
   * Adds answers. They replace earlier ones of the same methods.
   *
   * @throws Error that names an answer to a method that the service does not have
   */
  add<S extends DescService>(service: S, answers: Answers<S>): void {
    for (const [name, answer] of Object.entries(answers as Readonly<Record<string, Answer>>)) {
      const methods = unaryMethods(service);
      const method = methods.find(({ localName }) => localName === name);
      if (method === undefined) {
        throw new Error(
          `${service.typeName} has no unary method ${name}: its methods are ${methods.map((m) => m.localName).join(", ")}`,
        );
      }
      this.#byMethod.set(methodPath(method), answer);
    }
  }

  /**
   * Runs the answer for a call.
   *
   * @throws ConnectError `unimplemented` (rejects) if the test gave none
   */
  async run(call: Call): Promise<Outcome> {
    const { method, message } = call;
    const answer = this.#byMethod.get(methodPath(method));
    if (answer === undefined) {
      throw unanswered(method);
    }
    try {
      // add() checked that the method takes this message; only the type was erased.
      const result = (await answer(message as never, call)) as MessageInitShape<typeof method.output>;
      return { ok: true, output: encode(method, result), headers: [], trailers: [] };
    } catch (reason) {
      return failed(reason instanceof ConnectError ? reason : brokenAnswer(method, reason));
    }
  }
}

/** The outcome of an invocation that ends with this error. */
export function failed(error: ConnectError): Failed {
  return { ok: false, failure: failureFrom(error) };
}

function encode(
  { output }: DescMethodUnary,
  result: MessageInitShape<typeof output> | undefined,
): Uint8Array {
  return toBinary(output, create(output, result ?? {}));
}

function unanswered(method: DescMethodUnary): ConnectError {
  const { parent, localName } = method;
  return new ConnectError(
    `the test has no answer for ${methodPath(method)}: add it with transport.answer(${parent.name}, { ${localName}: … })`,
    Code.Unimplemented,
  );
}

function brokenAnswer(method: DescMethodUnary, reason: unknown): ConnectError {
  const text = `the test's answer for ${methodPath(method)} failed: ${messageOf(reason)}`;
  return new ConnectError(text, Code.Internal, undefined, undefined, reason);
}
