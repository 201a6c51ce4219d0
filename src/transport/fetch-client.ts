import { mayBeCancelled, respellCancelled } from "./cancelled.ts";
import { type Asked, explainFailure, explainResponse } from "./explain.ts";

/** A `fetch` whose failures name the URL and the likely cause. */
export function explainingFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const asked: Asked = {
      url: input instanceof Request ? input.url : String(input),
      contentType: new Headers(init?.headers).get("content-type"),
    };
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (reason) {
      throw init?.signal?.aborted ? reason : explainFailure(asked, reason);
    }
    if (mayBeCancelled(response.status, response.headers)) {
      return new Response(respellCancelled(await response.text()), response);
    }
    const error = explainResponse(asked, response.status, response.headers);
    if (error !== undefined) {
      await response.body?.cancel();
      throw error;
    }
    return response;
  };
}
