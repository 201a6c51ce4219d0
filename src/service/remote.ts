import type { DescService } from "@bufbuild/protobuf";
import type { RemoteOptions, Service } from "./service.ts";

/**
 * A service whose handlers are elsewhere, in any language: the Restate server behind `engine: restate(...)`
 * knows them. The ingress needs its descriptor all the same.
 *
 * ```ts
 * createIngress({ services: [remote(Accounts, { format: "json" })], engine: restate({ ingressUrl, adminUrl }) });
 * ```
 */
export function remote(desc: DescService, options: RemoteOptions = {}): Service {
  return { desc, handlers: {}, remote: options };
}
