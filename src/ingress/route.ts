import type { DescMethod } from "@bufbuild/protobuf";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import type { Operations } from "../engine/engine.ts";
import type { AbortNotice } from "../model/abort-notice.ts";
import type { Awaitable } from "../model/awaitable.ts";
import type { HeaderList } from "../model/outcome.ts";
import type { GetHeader } from "../wire/invocation-headers.ts";
import type { Admit } from "./authenticate.ts";
import type { RequestMemory } from "./memory.ts";
import type { Format, UnaryResponse } from "./protocol/protocol.ts";

/** What answers for a method. */
export type Route = UnaryRoute | UniversalRoute;

/** A method with one request and one response: our own path, the same for all protocols. */
export interface UnaryRoute {
  readonly kind: "unary";
  readonly method: DescMethod;
  /** Whether a GET may ask: the method has no side effects. */
  readonly allowsGet: boolean;
  readonly handle: UnaryHandler;
}

/** A method that Connect-ES answers for: streaming ones, and those that any Connect-ES server can have. */
export interface UniversalRoute {
  readonly kind: "universal";
  readonly method: DescMethod;
  readonly handle: UniversalHandler;
}

/** A unary request, once its protocol is out of the way. */
export interface UnaryRequest {
  /** `POST`, or `GET` with Connect. */
  readonly httpMethod: string;
  /** The URL that was asked for. */
  readonly url: string;
  readonly format: Format;
  /** The request message, in this format. */
  readonly message: Uint8Array;
  readonly header: GetHeader;
  /** Headers for the handler. */
  readonly metadata: HeaderList;
  readonly memory: RequestMemory;
  /** What the request may do with invocations: the engine's own, or those of the attempt that asks. */
  readonly operations: Operations;
  /** The scope of the caller's idempotency keys for this method. */
  readonly scope?: string | undefined;
  /** Whether `authenticate` decides what the caller may do. */
  readonly isGuarded: boolean;
  /** Asks whether the caller may have another method run, and gives the headers for that one's handler. */
  readonly admit: Admit;
  /** Aborts when the caller has gone, when its deadline has passed and when the server closes. */
  readonly signal: AbortNotice;
}

/** Answers a unary request. Throws a `ConnectError` for the caller. */
export type UnaryHandler = (request: UnaryRequest) => Awaitable<UnaryResponse>;
