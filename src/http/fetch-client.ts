import { Code, ConnectError } from "@connectrpc/connect";
import type { HttpClient } from "./http.ts";
import { lostConnection } from "./lost-connection.ts";
import { startTimer } from "./timer.ts";

/** An {@link HttpClient} on `fetch`: by default the global one of that moment, for tools put theirs in its place. */
export function fetchClient(baseUrl: string, fetch?: typeof globalThis.fetch): HttpClient {
  return async ({ method, path, header, body, signal, limit }) => {
    refuseDotSegments(path);
    signal?.throwIfAborted();
    const stop = new AbortController();
    const onAbort = () => stop.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    const timer = limit && startTimer(limit.ms, () => stop.abort(limit.error()));
    const send = fetch ?? globalThis.fetch;
    try {
      const response = await send(baseUrl + path, {
        method,
        headers: body === undefined ? header : { ...header, "content-type": body.contentType },
        // fetch's type leaves out views on shared memory; protobuf-es never makes those.
        body: (body?.bytes as Uint8Array<ArrayBuffer> | undefined) ?? null,
        signal: stop.signal,
        redirect: "manual",
      });
      return {
        status: response.status,
        get: (name) => response.headers.get(name) ?? undefined,
        header: response.headers,
        getTrailer: () => undefined,
        trailer: new Headers(),
        hidesHeaders: response.type === "cors",
        body: new Uint8Array(await response.arrayBuffer()),
      };
    } catch (reason) {
      // Browsers make an error of their own of some reasons.
      throw stop.signal.aborted ? stop.signal.reason : lostConnection(baseUrl + path, reason);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
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
