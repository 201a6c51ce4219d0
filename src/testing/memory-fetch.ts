import type { RequestHandler } from "../ingress/request-handler.ts";
import { MemoryExchange } from "./memory-exchange.ts";

/** `fetch` to a server in this process. */
export interface MemoryFetch {
  readonly fetch: typeof globalThis.fetch;
  /** The requests that have no response yet. */
  readonly openCount: number;
}

/** Makes a `fetch` whose requests all go to this handler, regardless of their host. */
export function memoryFetch(handle: RequestHandler): MemoryFetch {
  let openCount = 0;
  return {
    fetch: async (input, init) => {
      openCount += 1;
      try {
        return await exchange(handle, new Request(input, init));
      } finally {
        openCount -= 1;
      }
    },
    get openCount() {
      return openCount;
    },
  };
}

async function exchange(handle: RequestHandler, request: Request): Promise<Response> {
  const { method, url, headers, signal } = request;
  const body = new Uint8Array(await request.arrayBuffer());
  signal.throwIfAborted();
  const open = new MemoryExchange({ method, url: new URL(url), headers, body });
  const onAbort = (): void => open.leave(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    handle(open);
    return await open.response;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
