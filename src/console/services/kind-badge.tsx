import type { DescService } from "@bufbuild/protobuf";
import { type ServiceKind, serviceKind } from "../../model/service-kind.ts";

const explanations = {
  unkeyed: "Invocations run side by side.",
  keyed: "One invocation runs at a time for each key. The key is a field of the request.",
  singleton: "One invocation runs at a time.",
  object: "One invocation runs at a time for each key, besides those of shared handlers.",
  workflow: "The workflow runs once for each id.",
} as const satisfies Record<ServiceKind, string>;

/** The kind of a service in a word, and what it means where the pointer rests. */
export function KindBadge({ service }: { readonly service: DescService }) {
  const kind = serviceKind(service);
  return (
    <span class="badge" title={explanations[kind]}>
      {kind === "object" ? "virtual object" : kind}
    </span>
  );
}

/** What the kind of a service means for its invocations. */
export function kindExplanation(service: DescService): string {
  return explanations[serviceKind(service)];
}
