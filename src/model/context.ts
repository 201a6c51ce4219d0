import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";

/** What a handler knows of its invocation, and what it may do through the engine. */
export interface Context {
  /** Identifies the invocation: the same for all its attempts. */
  readonly invocationId: string;
  /** The object key of a KEYED service, "" for a SINGLETON, undefined for an UNKEYED one. */
  readonly key: string | undefined;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborts on cancel, on kill, when the caller of a plain call has gone, and when the server closes. */
  readonly signal: AbortSignal;
  /** The caller's headers, without those of HTTP and the protocol. Names are lower case. */
  readonly requestHeaders: Headers;
  /** Sent before the response message. */
  readonly responseHeaders: Headers;
  /** Sent after the response message. */
  readonly responseTrailers: Headers;
  /**
   * A typed client for another service, bound to this invocation: `ctx.client(createGreeterClient)`.
   * A retried attempt repeats neither its sends nor its calls.
   */
  client<T>(create: (transport: Transport) => T): T;
  /** A promise that the outside completes by id, through `dev.restate.Awakeables` or `awakeables(transport)`. */
  awakeable<S extends DescMessage>(schema: S): Awakeable<MessageShape<S>>;
}

/** A promise that the outside completes by id. */
export interface Awakeable<T> {
  /** Id of the awakeable. Give it to the party that will complete the awakeable. */
  readonly id: string;
  /** The message, once it is there. Rejects with a `ConnectError` when the awakeable is rejected. */
  readonly promise: Promise<T>;
}
