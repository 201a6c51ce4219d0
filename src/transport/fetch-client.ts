import { respellCancelled } from "./cancelled.ts";
import { explainResponse, isConnectError, isJson, kindOfAnswer } from "./explain-response.ts";

/** A `fetch` that explains answers which are not of the protocol. */
export function explainingFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    // Not "error", as the transports ask: then nothing would tell that it was a redirect.
    const response = await fetch(input, { ...init, redirect: "manual" });
    const url = input instanceof Request ? input.url : String(input);
    const requestHeader = new Headers(init?.headers);
    const head = { status: response.status, header: response.headers };
    const kind = kindOfAnswer(requestHeader, head);
    if (kind === "ours") {
      return response;
    }
    const body = await textOf(response);
    if (kind === "maybe error" && isConnectError(response.status, body)) {
      return new Response(respellCancelled(body), response);
    }
    throw explainResponse(url, requestHeader, head, body);
  };
}

async function textOf(response: Response): Promise<string> {
  if (isJson(response.headers)) {
    return await response.text();
  }
  await response.body?.cancel();
  return "";
}
