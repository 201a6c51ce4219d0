import type { DescMethod } from "@bufbuild/protobuf";
import type { Operations } from "../engine/engine.ts";
import type { LazyAbortSignal } from "../model/abort-notice.ts";
import { type Awaitable, andThen } from "../model/awaitable.ts";
import { callKind } from "../model/call-kind.ts";
import type { HeaderList } from "../model/outcome.ts";
import type { PassOn } from "../model/tracing.ts";
import type { GetHeader } from "../wire/invocation-headers.ts";
import { type Admit, type Authenticate, admission } from "./authenticate.ts";
import type { Exchange } from "./http/exchange.ts";
import { headerOf, requestMetadata } from "./http/headers.ts";
import { requestUrl } from "./http/request-url.ts";
import type { RequestMemory } from "./memory.ts";
import type { OpenRequest } from "./open-request.ts";
import type { Format } from "./protocol/protocol.ts";
import type { UnaryRequest } from "./route.ts";
import type { Server } from "./server.ts";

const noMessage = new Uint8Array();

/**
 * A unary request on its way to its method. What few methods ask for is made when they ask, and no function is kept in
 * a field: V8 lets such an object live until the next full collection, with all that the function refers to.
 */
export class IncomingCall implements UnaryRequest {
  readonly format: Format;
  readonly memory: RequestMemory;
  readonly operations: Operations;
  readonly signal: LazyAbortSignal;
  message: Uint8Array = noMessage;
  scope: string | undefined;
  readonly #exchange: Exchange;
  readonly #authenticate: Authenticate | undefined;
  readonly #kind: "call" | "send";
  readonly #passOn: PassOn | undefined;
  #metadata: HeaderList | undefined;

  constructor(
    { operations, authenticate }: Server,
    { exchange, memory, signal, passOn }: OpenRequest,
    method: DescMethod,
    format: Format,
  ) {
    this.format = format;
    this.memory = memory;
    this.operations = operations;
    this.signal = signal;
    this.#exchange = exchange;
    this.#authenticate = authenticate;
    this.#kind = callKind(method);
    this.#passOn = passOn;
  }

  get header(): GetHeader {
    const { headers } = this.#exchange;
    return (name) => headerOf(headers, name);
  }

  get isGuarded(): boolean {
    return this.#authenticate !== undefined;
  }

  get admit(): Admit {
    if (this.#authenticate === undefined) {
      return () => ({ metadata: this.metadata });
    }
    const admit = admission(this.#exchange, this.#authenticate);
    return this.#passOn === undefined
      ? admit
      : (method) => andThen(admit(method), (given) => ({ ...given, metadata: this.#traced(given.metadata) }));
  }

  get httpMethod(): string {
    return this.#exchange.method;
  }

  get url(): string {
    return requestUrl(this.#exchange);
  }

  get metadata(): HeaderList {
    this.#metadata ??= this.#traced(requestMetadata(this.#exchange.rawHeaders));
    return this.#metadata;
  }

  /** Asks whether the caller may have the method run. */
  admitTo(method: DescMethod): Awaitable<void> {
    if (this.isGuarded) {
      return andThen(this.admit(method), ({ metadata, scope }) => {
        this.#metadata = metadata;
        this.scope = scope;
      });
    }
  }

  /** Headers for the handler, with the span of the request. */
  #traced(metadata: HeaderList): HeaderList {
    return this.#passOn === undefined ? metadata : this.#passOn(metadata, this.#kind);
  }

  withMessage(message: Uint8Array): this {
    this.message = message;
    return this;
  }
}
