import { errorOf, JsonCallError, type JsonErrorCode } from "./error.ts";
import type { JsonCallOptions, JsonClientOptions } from "./options.ts";

/** A response message and its headers. */
export interface JsonAnswer {
  readonly message: unknown;
  readonly headers: Headers;
}

/**
 * Calls a method with the Connect protocol, in JSON.
 *
 * @throws JsonCallError if the call fails in any way.
 */
export async function post(
  { baseUrl, fetch = globalThis.fetch }: JsonClientOptions,
  path: string,
  message: unknown,
  { signal, timeoutMs = 0, headers: given, idempotencyKey }: JsonCallOptions = {},
  extraHeaders: OwnHeaders = {},
): Promise<JsonAnswer> {
  const url = `${baseUrl.replace(/\/+$/, "")}/${path}`;
  const stop = new AbortController();
  const giveUp = (code: JsonErrorCode, what: string) => stop.abort(new JsonCallError(code, url + what));
  const onAbort = () => giveUp("canceled", " was aborted");
  const ms = Math.ceil(timeoutMs); // both ends require an integer
  // No timer can hold a longer time.
  const timer =
    ms > 0 && ms < 2 ** 31
      ? setTimeout(giveUp, ms, "deadline_exceeded", " took longer than timeoutMs")
      : undefined;
  let hint = "";
  try {
    const headers = new Headers(given);
    const own: OwnHeaders = {
      "content-type": "application/json",
      "connect-protocol-version": 1,
      "connect-timeout-ms": ms > 0 && ms < 1e10 ? ms : undefined,
      "idempotency-key": idempotencyKey,
      ...extraHeaders,
    };
    for (const name in own) {
      if (own[name] !== undefined) {
        headers.set(name, `${own[name]}`);
      }
    }
    const body = JSON.stringify(message);
    hint = ": is the ingress running, and does it allow this page's origin (CORS)?";
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) {
      onAbort();
    }
    const response = await fetch(url, { method: "POST", headers, body, signal: stop.signal });
    return { message: read(url, response, await response.text()), headers: response.headers };
  } catch (cause) {
    if (stop.signal.aborted) {
      throw stop.signal.reason;
    }
    throw cause instanceof JsonCallError
      ? cause
      : new JsonCallError(
          hint ? "unavailable" : "invalid_argument",
          `cannot call ${url} (${cause})${hint}`,
          [],
          { cause },
        );
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Our headers. Those that are undefined are not sent. */
export type OwnHeaders = Readonly<Record<string, unknown>>;

/** The message in a response, or the error. */
function read(url: string, { ok, status }: Response, text: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // It is not from a Connect server.
  }
  if (!ok || json === undefined) {
    throw errorOf(url, status, json);
  }
  return json;
}
