import type { DescService } from "@bufbuild/protobuf";
import type { Service } from "./service.ts";

/** Options of {@link remote}. */
export interface RemoteOptions {
  /**
   * How its handlers take and give messages: Protobuf bytes, or JSON, as those of Restate's Go SDK do.
   * Default: `binary`.
   */
  readonly format?: "binary" | "json" | undefined;
}

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
