import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, type Transport } from "@connectrpc/connect";
import type { Attempt } from "../engine/engine.ts";
import type { Context } from "../model/context.ts";
import { headerList, headersFrom } from "../model/failure.ts";
import type { AwakeableValue } from "../model/invocation.ts";
import type { Reply } from "../model/outcome.ts";
import { jsonFormat } from "../wire/json-format.ts";
import { binaryFormat, decodeMessage } from "../wire/message-format.ts";

/** Creates the transport that a handler uses to call other services on behalf of its invocation. */
export type TransportOf = (attempt: Attempt) => Transport;

/** The context of an attempt. Its parts are made when the handler asks for them. */
export class AttemptContext implements Context {
  readonly #attempt: Attempt;
  readonly #transportOf: TransportOf;
  #transport: Transport | undefined;
  #requestHeaders: Headers | undefined;
  #responseHeaders: Headers | undefined;
  #responseTrailers: Headers | undefined;

  constructor(attempt: Attempt, transportOf: TransportOf) {
    this.#attempt = attempt;
    this.#transportOf = transportOf;
  }

  get invocationId(): string {
    return this.#attempt.invocationId;
  }

  get key(): string | undefined {
    return this.#attempt.target.key;
  }

  get attempt(): number {
    return this.#attempt.number;
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  get requestHeaders(): Headers {
    this.#requestHeaders ??= headersFrom(this.#attempt.headers);
    return this.#requestHeaders;
  }

  get responseHeaders(): Headers {
    this.#responseHeaders ??= new Headers();
    return this.#responseHeaders;
  }

  get responseTrailers(): Headers {
    this.#responseTrailers ??= new Headers();
    return this.#responseTrailers;
  }

  /** A getter, so that a handler may take it out of the context: `({ client }) => …`. */
  get client(): Context["client"] {
    return (create) => {
      this.#transport ??= this.#transportOf(this.#attempt);
      return create(this.#transport);
    };
  }

  get awakeable(): Context["awakeable"] {
    return (schema) => {
      const { id, value } = this.#attempt.awakeable();
      return { id, promise: value.then((completed) => decodeAwakeable(schema, id, completed)) };
    };
  }

  /** The headers and trailers that the handler has set. */
  responseMetadata(): Pick<Reply, "headers" | "trailers"> {
    const headers = this.#responseHeaders;
    const trailers = this.#responseTrailers;
    return {
      headers: headers === undefined ? [] : headerList(headers),
      trailers: trailers === undefined ? [] : headerList(trailers),
    };
  }
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
