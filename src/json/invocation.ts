import type { JsonCallOptions, JsonClientOptions } from "./options.ts";
import { post } from "./post.ts";

/** A one-way invocation that the ingress holds. `T`: its response message, void for `google.protobuf.Empty`. */
export interface JsonInvocation<T = unknown> {
  /** Identifies the invocation. Store it, and rebuild the handle with {@link jsonInvocation}. */
  readonly id: string;
  /**
   * Waits for the outcome and returns the response message.
   *
   * @throws JsonCallError the invocation's own error; `not_found` when the ingress does not know the invocation
   *   or no longer keeps its outcome; `deadline_exceeded` when `timeoutMs` passes first (the invocation goes on).
   */
  attach(options?: JsonCallOptions): Promise<T>;
  /**
   * The response message, or undefined while the invocation has not ended. One request, which does not wait.
   *
   * @throws JsonCallError as `attach` does.
   */
  output(options?: JsonCallOptions): Promise<([T] extends [void] ? object : T) | undefined>;
}

/**
 * The handle of an invocation whose id was stored: `jsonInvocation<GreetResponseJson>(options, id)`. Sends nothing.
 *
 * @param noResponse true where `google.protobuf.Empty` comes out: `attach` resolves to nothing
 */
export function jsonInvocation<T>(
  options: JsonClientOptions,
  id: string,
  noResponse?: boolean,
): JsonInvocation<T> {
  const ask = async (verb: string, callOptions?: JsonCallOptions) => {
    const path = `restateconnect.v1.Invocations/${verb}`;
    const { message } = await post(options, path, { id, json: true }, callOptions);
    // The type says what the method of this invocation responds with.
    return (message as { readonly json?: T }).json;
  };
  return {
    id,
    attach: async (callOptions) => {
      const message = await ask("Attach", callOptions);
      return (noResponse ? undefined : message) as T;
    },
    output: (callOptions) =>
      ask("Output", callOptions) as Promise<([T] extends [void] ? object : T) | undefined>,
  };
}
