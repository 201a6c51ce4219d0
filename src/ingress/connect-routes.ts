import { type ConnectRouter, createConnectRouter } from "@connectrpc/connect";
import type { Limits } from "./limits.ts";
import type { UniversalRoute } from "./route.ts";

/** Health and reflection ask in few words. */
const maxRequestBytes = 64 * 1024;

/** Converts routes of Connect-ES to our routes. `closing` ends their streams. */
export function connectRoutes(
  register: readonly ((router: ConnectRouter) => void)[],
  { maxMessageBytes }: Limits,
  closing: AbortSignal,
): UniversalRoute[] {
  const router = createConnectRouter({
    jsonOptions: { ignoreUnknownFields: false, alwaysEmitImplicit: true },
    readMaxBytes: Math.min(maxMessageBytes, maxRequestBytes),
    shutdownSignal: closing,
  });
  for (const routes of register) {
    routes(router);
  }
  return router.handlers.map((handle) => ({ kind: "universal", method: handle.method, handle }));
}
