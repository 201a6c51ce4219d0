import type { IncomingHttpHeaders } from "node:http";
import type { HttpResponse } from "./http.ts";
import { joinChunks } from "./join-chunks.ts";

/** A response of node:http or node:http2. */
export function nodeResponse(
  status: number,
  fields: IncomingHttpHeaders,
  chunks: readonly Buffer[],
): HttpResponse {
  let header: Headers | undefined;
  return {
    status,
    body: joinChunks(chunks),
    hidesHeaders: false,
    get: (name) => {
      const value = fields[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    get header() {
      header ??= toHeaders(fields);
      return header;
    },
  };
}

function toHeaders(fields: IncomingHttpHeaders): Headers {
  const header = new Headers();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && !name.startsWith(":")) {
        header.append(name, one);
      }
    }
  }
  return header;
}
