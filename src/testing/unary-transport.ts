import { fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Transport,
  type UnaryRequest,
} from "@connectrpc/connect";
import { runUnaryCall } from "@connectrpc/connect/protocol";
import { timerMs } from "../http/timer.ts";
import { ingressError } from "../ingress/error-source.ts";
import { headersFrom } from "../model/failure.ts";
import type { TestResponse } from "./built-in-answers.ts";
import { methodPath } from "./record.ts";

/** A transport whose calls end early as on any other, by signal and deadline. */
export function unaryTransport(respond: (request: UnaryRequest) => Promise<TestResponse>): Transport {
  return {
    unary: (method, signal, timeoutMs, header, message, contextValues) => {
      const held = timerMs(timeoutMs);
      return runUnaryCall({
        req: {
          stream: false,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: `test:/${methodPath(method)}`,
          header: new Headers(header),
          contextValues: contextValues ?? createContextValues(),
          message,
        },
        ...(signal === undefined ? {} : { signal }),
        ...(held === undefined ? {} : { timeoutMs: held }),
        next: async (request) => {
          request.signal.throwIfAborted();
          // The caller may go on using its message.
          const copy = fromBinary(method.input, toBinary(method.input, request.message));
          const answered = respond({ ...request, message: copy }).catch((reason: unknown) => {
            throw ingressError(ConnectError.from(reason));
          });
          const response = await unlessAborted(answered, request.signal);
          return {
            stream: false,
            service: method.parent,
            method,
            header: headersFrom(response.headers),
            trailer: new Headers(),
            // Answers are encoded by the method's own schema.
            message: response.message as MessageShape<typeof method.output>,
          };
        },
      });
    },
    stream: async (method) => {
      throw new ConnectError(
        `${methodPath(method)} streams: a test transport has unary calls only`,
        Code.Unimplemented,
      );
    },
  };
}

/** What is answered, unless the caller stops waiting before. An answer may never come. */
async function unlessAborted<T>(answered: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([answered, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
