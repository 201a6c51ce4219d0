import { Code, ConnectError } from "@connectrpc/connect";
import type { HttpClient } from "./http.ts";

/** An {@link HttpClient} on `fetch`. */
export function fetchClient(baseUrl: string, fetch: typeof globalThis.fetch): HttpClient {
  return async ({ method, path, header, body, signal }) => {
    refuseDotSegments(path);
    const response = await fetch(baseUrl + path, {
      method,
      headers: { ...header },
      // fetch's type leaves out views on shared memory; protobuf-es never makes those.
      body: (body as Uint8Array<ArrayBuffer> | undefined) ?? null,
      signal: signal ?? null,
      redirect: "manual",
    });
    return {
      status: response.status,
      get: (name) => response.headers.get(name) ?? undefined,
      header: response.headers,
      hidesHeaders: response.type === "cors",
      body: new Uint8Array(await response.arrayBuffer()),
    };
  };
}

/** URLs drop `.` and `..` from a path, percent-encoded or not: the request would name another object. */
function refuseDotSegments(path: string): void {
  const segment = path.split("/").find((part) => part === "." || part === "..");
  if (segment !== undefined) {
    throw new ConnectError(
      `the object key ${JSON.stringify(segment)} cannot travel in a URL: choose another key, or call through an ingress`,
      Code.InvalidArgument,
    );
  }
}
