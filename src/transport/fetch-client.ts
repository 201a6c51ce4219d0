import { mayBeCancelled, respellCancelled } from "./cancelled.ts";
import { explainResponse } from "./explain-response.ts";

/** A `fetch` that explains answers which are not of the protocol. */
export function explainingFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (mayBeCancelled(response.status, response.headers)) {
      return new Response(respellCancelled(await response.text()), response);
    }
    const url = input instanceof Request ? input.url : String(input);
    const error = explainResponse(url, new Headers(init?.headers), response.status, response.headers);
    if (error !== undefined) {
      await response.body?.cancel();
      throw error;
    }
    return response;
  };
}
