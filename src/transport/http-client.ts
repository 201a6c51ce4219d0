import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { createAsyncIterable, readAllBytes } from "@connectrpc/connect/protocol";
import { mayBeCancelled, respellCancelled } from "./cancelled.ts";
import { type Asked, explainFailure, explainResponse } from "./explain.ts";

/** Error bodies are small: more than this many bytes are none of ours. */
const maxErrorBytes = 1 << 20;

/** An HTTP client whose failures name the URL and the likely cause. */
export function explainingClient(client: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const asked: Asked = { url: request.url, contentType: request.header.get("content-type") };
    let response: Awaited<ReturnType<UniversalClientFn>>;
    try {
      response = await client(request);
    } catch (reason) {
      throw request.signal?.aborted ? reason : explainFailure(asked, reason);
    }
    if (mayBeCancelled(response.status, response.header)) {
      const body = await readAllBytes(response.body, maxErrorBytes, null);
      const respelled = new TextEncoder().encode(respellCancelled(new TextDecoder().decode(body)));
      response.header.delete("content-length");
      return { ...response, body: createAsyncIterable([respelled]) };
    }
    const error = explainResponse(asked, response.status, response.header);
    if (error !== undefined) {
      await drain(response.body);
      throw error;
    }
    return response;
  };
}

/** Reads to the end, or the connection could not be used again. */
async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxErrorBytes) {
      return;
    }
  }
}
