import { type DescMessage, fromBinary, fromJsonString, type MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Attempt, AwakeableValue } from "../engine/engine.ts";
import { headersFrom } from "../engine/failure.ts";
import { attemptTransport } from "./attempt-transport.ts";
import type { Context } from "./context.ts";

/** The context of one attempt. Headers and transport are made when a handler asks for them. */
export function attemptContext(attempt: Attempt): Context {
  let requestHeaders: Headers | undefined;
  return {
    invocationId: attempt.invocationId,
    key: attempt.target.key,
    attempt: attempt.number,
    signal: attempt.signal,
    get requestHeaders() {
      requestHeaders ??= headersFrom(attempt.headers);
      return requestHeaders;
    },
    responseHeaders: new Headers(),
    responseTrailers: new Headers(),
    client: (create) => create(attemptTransport(attempt)),
    awakeable: (schema) => {
      const { id, value } = attempt.awakeable();
      return { id, promise: value.then((completed) => decodeAwakeable(schema, id, completed)) };
    },
  };
}

function decodeAwakeable<S extends DescMessage>(
  schema: S,
  id: string,
  value: AwakeableValue,
): MessageShape<S> {
  try {
    return value.format === "binary"
      ? fromBinary(schema, value.bytes)
      : fromJsonString(schema, new TextDecoder().decode(value.bytes));
  } catch (cause) {
    throw new ConnectError(
      `awakeable ${id} was resolved with a value that is no ${schema.typeName}: ${String(cause)}`,
      Code.InvalidArgument,
      undefined,
      undefined,
      cause,
    );
  }
}
