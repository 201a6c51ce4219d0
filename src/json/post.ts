import { errorOf, JsonCallError } from "./error.ts";
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
  { signal, timeoutMs: givenMs = 0, headers: given, idempotencyKey }: JsonCallOptions = {},
  extraHeaders: Readonly<Record<string, string>> = {},
): Promise<JsonAnswer> {
  const url = `${baseUrl.replace(/\/+$/, "")}/${path}`;
  const timeoutMs = Math.ceil(givenMs); // both ends require an integer
  const headers = new Headers(given);
  const set = (name: string, value: string) => headers.set(name, value);
  set("content-type", "application/json");
  set("connect-protocol-version", "1");
  if (timeoutMs > 0) {
    set("connect-timeout-ms", String(timeoutMs));
  }
  if (idempotencyKey !== undefined) {
    set("idempotency-key", idempotencyKey);
  }
  for (const name in extraHeaders) {
    set(name, extraHeaders[name] ?? "");
  }

  const deadline = timeoutMs > 0 ? [AbortSignal.timeout(timeoutMs)] : [];
  const signals = signal === undefined ? deadline : [...deadline, signal];
  const init = { method: "POST", headers, body: JSON.stringify(message), signal: AbortSignal.any(signals) };
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch (cause) {
    throw failure(url, cause, deadline[0]?.aborted, signal?.aborted);
  }
  const json = parse(text);
  if (!response.ok || json === undefined) {
    throw errorOf(url, response.status, json);
  }
  return { message: json, headers: response.headers };
}

function failure(url: string, cause: unknown, late = false, aborted = false): JsonCallError {
  const options = { cause };
  if (late) {
    return new JsonCallError("deadline_exceeded", `${url} took longer than timeoutMs`, [], options);
  }
  if (aborted) {
    return new JsonCallError("canceled", `the call to ${url} was aborted`, [], options);
  }
  const hint = "is the ingress running, and does it allow this page's origin (CORS)?";
  return new JsonCallError("unavailable", `cannot reach ${url} (${cause}): ${hint}`, [], options);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not from a Connect server
  }
}
