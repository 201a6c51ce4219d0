import type { HttpResponse } from "./http.ts";

/** A response of node:http or node:http2, whole. */
export class NodeResponse implements HttpResponse {
  readonly status: number;
  readonly body: Uint8Array;
  readonly hidesHeaders = false;
  readonly #fields: NodeFields;
  readonly #trailers: NodeFields;
  #header: Headers | undefined;
  #trailer: Headers | undefined;

  constructor(status: number, fields: NodeFields, trailers: NodeFields, body: Uint8Array) {
    this.status = status;
    this.body = body;
    this.#fields = fields;
    this.#trailers = trailers;
  }

  get(name: string): string | undefined {
    return joined(this.#fields[name]);
  }

  get header(): Headers {
    this.#header ??= toHeaders(this.#fields);
    return this.#header;
  }

  getTrailer(name: string): string | undefined {
    return joined(this.#trailers[name]);
  }

  get trailer(): Headers {
    this.#trailer ??= toHeaders(this.#trailers);
    return this.#trailer;
  }
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
