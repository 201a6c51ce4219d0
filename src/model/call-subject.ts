import type { DescMessage, DescMethodUnary, Message } from "@bufbuild/protobuf";
import { type ContextKey, type ContextValues, createContextValues } from "@connectrpc/connect";

/** What a `dev.restate.Ingress/Invoke` of a typed client invokes, before it became bytes and headers. */
export interface Invoked {
  readonly method: DescMethodUnary;
  readonly request: Message;
  /** The object key, if it travels as a header. */
  readonly key: string | undefined;
  /** Run this many ms from now, or later. Undefined: at once. */
  readonly delayMs: number | undefined;
}

/**
 * Clients say here what their Invoke invokes, for transports that have another place for its parts: the object key
 * and the delay in a path, the request as JSON.
 */
export const invoked: ContextKey<Invoked | undefined> = /*@__PURE__*/ contextKey("invoked");

/** Clients say here which message an `Invocations/Attach` or `Output` asks for. */
export const outcomeSchema: ContextKey<DescMessage | undefined> = /*@__PURE__*/ contextKey("outcomeSchema");

/**
 * One process may load this package twice, as an ES module and as CommonJS: a client of the one and a transport of the
 * other have to mean the same key. The symbols of Connect-ES's `createContextKey` differ in each copy.
 */
function contextKey<T>(name: string): ContextKey<T | undefined> {
  return { id: Symbol.for(`restate-connect/${name}`), defaultValue: undefined };
}

/** The caller's context values plus our own value. The caller's object is not changed. */
export function withContextValue<T>(
  callers: ContextValues | undefined,
  key: ContextKey<T>,
  value: T,
): ContextValues {
  const own = createContextValues().set(key, value);
  if (callers === undefined) {
    return own;
  }
  return {
    get: (asked) => (asked.id === key.id ? own : callers).get(asked),
    set(asked, given) {
      (asked.id === key.id ? own : callers).set(asked, given);
      return this;
    },
    delete(asked) {
      (asked.id === key.id ? own : callers).delete(asked);
      return this;
    },
  };
}
