import type { DescService } from "@bufbuild/protobuf";
import type { RemoteOptions, Service } from "./service.ts";

/**
 * Declares a service whose handlers are served elsewhere, in any language, and registered with the Restate
 * server behind `engine: restate(...)`. The ingress only needs its descriptor.
 *
 * ```ts
 * createIngress({ services: [remote(Accounts, { format: "json" })], engine: restate({ ingressUrl, adminUrl }) });
 * ```
 */
export function remote(desc: DescService, options: RemoteOptions = {}): Service {
  return { desc, handlers: {}, remote: options };
}
