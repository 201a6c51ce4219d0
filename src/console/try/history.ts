import type { TryForm } from "./try-request.ts";

/** A request that was made from this browser. */
export interface PastRequest {
  readonly service: string;
  readonly method: string;
  /** Epoch ms. */
  readonly at: number;
  /** The Connect code, or "ok". */
  readonly code: string;
  readonly form: TryForm;
}

const storageKey = "restate-connect.history";
const maxRequests = 50;
const maxJsonLength = 20_000;

/** The requests that were made of a method, the newest first. */
export function pastRequests(service: string, method: string): readonly PastRequest[] {
  return readAll().filter((request) => request.service === service && request.method === method);
}

/** Remembers a request in this browser. Its headers may hold secrets and are left out. */
export function rememberRequest(request: PastRequest): void {
  if (request.form.json.length > maxJsonLength) {
    return;
  }
  const slim = { ...request, form: { ...request.form, headers: "" } };
  const others = readAll().filter((other) => JSON.stringify(other.form) !== JSON.stringify(slim.form));
  try {
    window.localStorage.setItem(storageKey, JSON.stringify([slim, ...others].slice(0, maxRequests)));
  } catch {
    // The browser keeps no more, or nothing at all: the history is a convenience.
  }
}

function readAll(): readonly PastRequest[] {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}
