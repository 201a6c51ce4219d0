import type { Interceptor } from "@connectrpc/connect";
import { useSyncExternalStore } from "preact/compat";

// In memory only: reloading the page forgets it.
let token = "";
const listeners = new Set<() => void>();

/** The bearer token for calls; "" for none. */
export function useToken(): string {
  return useSyncExternalStore(subscribe, () => token);
}

/** Sets the bearer token for all calls from now on; "" for none. */
export function setToken(value: string): void {
  token = value.trim().replace(/^Bearer +/i, "");
  for (const listener of listeners) {
    listener();
  }
}

/** Sends the token with each call. */
export const sendToken: Interceptor = (next) => (request) => {
  if (token !== "" && !request.header.has("authorization")) {
    request.header.set("authorization", `Bearer ${token}`);
  }
  return next(request);
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
