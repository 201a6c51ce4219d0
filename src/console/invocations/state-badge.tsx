import type { InvocationState } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { stateName } from "./filter.ts";

/** Where an invocation stands. */
export function StateBadge({ state }: { readonly state: InvocationState }) {
  const name = stateName(state);
  return <span class={`state ${name}`}>{name.replace("-", " ")}</span>;
}
