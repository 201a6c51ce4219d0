import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { createAsyncIterable } from "@connectrpc/connect/protocol";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import { respellCancelled } from "./cancelled.ts";
import { explainResponse, isConnectError, isJson, kindOfAnswer } from "./explain-response.ts";

/** Error bodies are small: more than this many bytes are none of ours. */
const maxErrorBytes = 4 << 20;

/** An HTTP client that explains answers which are not of the protocol. */
export function explainingClient(client: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await client(request);
    const kind = kindOfAnswer(request.header, response);
    if (kind === "ours") {
      return response;
    }
    const body = await textOf(response);
    if (kind === "maybe error" && isConnectError(response.status, body)) {
      response.header.delete("content-encoding");
      response.header.delete("content-length");
      return { ...response, body: createAsyncIterable([new TextEncoder().encode(respellCancelled(body))]) };
    }
    throw explainResponse(request.url, request.header, response, body);
  };
}

/** Reads to the end, or the connection could not be used again. The text, where it is JSON. */
async function textOf({ header, body }: UniversalClientResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxErrorBytes) {
      return "";
    }
  }
  if (!isJson(header)) {
    return "";
  }
  const encoding = header.get("content-encoding");
  const compression = [compressionGzip, compressionBrotli].find(({ name }) => name === encoding);
  const whole = Buffer.concat(chunks);
  const plain = await compression?.decompress(whole, maxErrorBytes).catch(() => undefined);
  return new TextDecoder().decode(plain ?? whole);
}
