import { Code, ConnectError } from "@connectrpc/connect";
import { errorWithCause } from "../model/error-with-cause.ts";
import { isError } from "../model/is-error.ts";
import type { HttpClient } from "./http.ts";
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
      throw stop.signal.aborted ? stop.signal.reason : await unreachable(baseUrl + path, reason);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  };
}

/**
 * The error for a response that never came. Pages get no reason from `fetch`, only that it failed. What servers get is
 * explained by a module that a page, which may be offline now, need not have.
 */
export async function unreachable(url: string, reason: unknown): Promise<ConnectError> {
  if (isError(reason) && reason.name === "TypeError" && reason.cause === undefined) {
    return errorWithCause(
      `cannot reach ${url} (${reason.message}): is the ingress running, does it allow this page's origin (CORS), ` +
        "and is the page not https where baseUrl is http?",
      Code.Unavailable,
      reason,
    );
  }
  const { lostConnection } = await import("./lost-connection.ts");
  return lostConnection(url, reason);
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
