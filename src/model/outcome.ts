import type { Code } from "@connectrpc/connect";

/** Header names (lower case) and values, in order; a name may repeat. Plain data: it is stored. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** How an invocation ended. */
export type Outcome = Success | Failed;

/** An invocation that succeeded, with its handler's reply. */
export interface Success extends Reply {
  /** Discriminates it from {@link Failed}. */
  readonly ok: true;
}

/** An invocation that failed for good. */
export interface Failed {
  /** Discriminates it from {@link Success}. */
  readonly ok: false;
  /** The error that it ended with. */
  readonly failure: Failure;
}

/** A terminal error, as plain data: it is stored. */
export interface Failure {
  /** The code of the `ConnectError`. */
  readonly code: Code;
  /** Its message, without the code. */
  readonly message: string;
  /** Its details: type names, and messages in Protobuf bytes. */
  readonly details: readonly { readonly type: string; readonly value: Uint8Array }[];
  /** Its metadata, which travels as headers or trailers. */
  readonly metadata: HeaderList;
}

/** What a handler answers with. */
export interface Reply {
  /** The response message. */
  readonly output: Uint8Array;
  /** Sent before the response message. */
  readonly headers: HeaderList;
  /** Sent after the response message. */
  readonly trailers: HeaderList;
}
