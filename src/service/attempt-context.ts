import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, type Transport } from "@connectrpc/connect";
import type { Attempt } from "../engine/engine.ts";
import type { Context } from "../model/context.ts";
import { headersFrom } from "../model/failure.ts";
import type { AwakeableValue } from "../model/invocation.ts";
import { jsonFormat } from "../wire/json-format.ts";
import { binaryFormat, decodeMessage } from "../wire/message-format.ts";

/** Creates the transport that a handler uses to call other services on behalf of its invocation. */
export type TransportOf = (attempt: Attempt) => Transport;

/** The context of an attempt. Headers and transport are created on first use. */
export function attemptContext(attempt: Attempt, transportOf: TransportOf): Context {
  let requestHeaders: Headers | undefined;
  let transport: Transport | undefined;
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
    client(create) {
      transport ??= transportOf(attempt);
      return create(transport);
    },
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
  return decodeMessage({
    what: `the value of awakeable ${id}`,
    schema,
    format: value.format === "binary" ? binaryFormat : jsonFormat(),
    bytes: value.bytes,
    code: Code.InvalidArgument,
  });
}
