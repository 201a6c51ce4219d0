import type { Transport } from "@connectrpc/connect";

/**
 * A transport that is loaded when it is first used. A load that fails, as in a page that has gone offline, is tried
 * again by the next call.
 *
 * @throws ConnectError `unavailable`, from a call, when the load fails
 */
export function lazyTransport(load: () => Promise<Transport>): Transport {
  const get = loadOnce(load);
  let loaded: Transport | undefined;
  return {
    async unary(...call) {
      loaded ??= await get();
      return await loaded.unary(...call);
    },
    async stream(...call) {
      return await (await get()).stream(...call);
    },
  };
}

/** Loads once. A load that fails is forgotten. */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return async () => {
    loading ??= load();
    try {
      return await loading;
    } catch (cause) {
      loading = undefined;
      // Connect's errors are a third of what restate-connect/node would load.
      const { loadFailed } = await import("./load-failed.ts");
      throw loadFailed(cause);
    }
  };
}
