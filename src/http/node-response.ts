import type { HttpResponse } from "./http.ts";

/** A response of node:http or node:http2, whole. */
export function nodeResponse(
  status: number,
  fields: NodeFields,
  trailers: NodeFields,
  body: Uint8Array,
): HttpResponse {
  let header: Headers | undefined;
  let trailer: Headers | undefined;
  return {
    status,
    body,
    hidesHeaders: false,
    get: (name) => joined(fields[name]),
    get header() {
      header ??= toHeaders(fields);
      return header;
    },
    getTrailer: (name) => joined(trailers[name]),
    get trailer() {
      trailer ??= toHeaders(trailers);
      return trailer;
    },
  };
}

/** Headers or trailers as Node has them. */
type NodeFields = NodeJS.Dict<string | string[]>;

function joined(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(", ") : value;
}

function toHeaders(fields: NodeFields): Headers {
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
