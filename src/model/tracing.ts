import type { Code } from "@connectrpc/connect";
import type { Awaitable } from "./awaitable.ts";
import type { HeaderList } from "./outcome.ts";

/**
 * Makes the spans of a server. `serverTracing()` of `restate-connect/opentelemetry` returns one. A server without it
 * makes no spans, and loads nothing for them.
 */
export interface Tracing {
  /** Begins the span of a request from the network. */
  startRequest(request: TracedRequest): RequestSpan;
  /** Runs an attempt of a handler in a span of its own, which ends with the attempt. */
  runAttempt<T>(attempt: TracedAttempt, run: (passOn: PassOn) => Awaitable<T>): Awaitable<T>;
  /**
   * Passes on the context that an invocation was made in. Unlike the context of an attempt it is the same for all
   * attempts, as an engine needs that compares a repeated attempt with the first one.
   */
  passOnCallers(header: ReadHeader): PassOn;
}

/** Looks up a header by its lower-case name. */
export type ReadHeader = (name: string) => string | null | undefined;

/**
 * Adds the context of a span to the headers of a call or a send, in place of the context that they have. Names are
 * lower case.
 */
export type PassOn = (headers: HeaderList, kind: "call" | "send") => HeaderList;

/** A request from the network. */
export interface TracedRequest {
  /** The method's full name: `package.Service/Method`. */
  readonly method: string;
  readonly protocol: "connect" | "grpc" | "grpc-web";
  /** The URL that was asked for. */
  readonly url: string;
  readonly header: ReadHeader;
}

/** The span of a request. */
export interface RequestSpan {
  /** The id of its trace, 32 hexadecimal digits. */
  readonly traceId: string;
  readonly passOn: PassOn;
  /** Runs a step of the request, with the span as the active one. */
  run<T>(step: () => T): T;
  /** Ends the span. `code`: of the error that the caller got; undefined for a response. */
  end(code: Code | undefined, invocationId: string | undefined): void;
}

/** An attempt of a handler. */
export interface TracedAttempt {
  /** The method's full name: `package.Service/Method`. */
  readonly method: string;
  readonly invocationId: string;
  /** 1 for the first attempt. Undefined: the engine does not say. */
  readonly number: number | undefined;
  /** The headers of the invocation. */
  readonly header: ReadHeader;
  /** The headers that an engine of another process adds to each attempt, with a span of its own. */
  readonly engineHeader?: ReadHeader | undefined;
  /**
   * The failure that an error of the handler is: a `ConnectError` is the outcome of the invocation. Undefined: the
   * engine had the attempt make room.
   */
  failureOf(reason: unknown): unknown;
}
