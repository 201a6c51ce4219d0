import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { createAsyncIterable, readAllBytes } from "@connectrpc/connect/protocol";
import { mayBeCancelled, respellCancelled } from "./cancelled.ts";
import { explainResponse } from "./explain-response.ts";

/** Error bodies are small: more than this many bytes are none of ours. */
const maxErrorBytes = 1 << 20;

/** An HTTP client that explains answers which are not of the protocol. */
export function explainingClient(client: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await client(request);
    if (mayBeCancelled(response.status, response.header)) {
      const body = await readAllBytes(response.body, maxErrorBytes, null);
      const respelled = new TextEncoder().encode(respellCancelled(new TextDecoder().decode(body)));
      response.header.delete("content-length");
      return { ...response, body: createAsyncIterable([respelled]) };
    }
    const error = explainResponse(request.url, request.header, response.status, response.header);
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
