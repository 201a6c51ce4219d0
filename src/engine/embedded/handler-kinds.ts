import type { ServiceHandlers } from "../engine.ts";
import { handlerName, type Kernel } from "./engine-context.ts";

/** How the methods of these services run. Without word of a method, those with a key run one at a time. */
export function handlerKinds(services: readonly ServiceHandlers[]): Pick<Kernel, "kindOf" | "runOf"> {
  const kinds = new Map(
    services.flatMap(({ name, handlerKinds = [] }) =>
      [...handlerKinds].map(([method, kind]) => [handlerName({ service: name, method }), kind] as const),
    ),
  );
  const runs = new Map(
    services.flatMap(({ name, handlerKinds = [] }) =>
      [...handlerKinds].flatMap(([method, kind]) => (kind === "run" ? [[name, method] as const] : [])),
    ),
  );
  return {
    kindOf: (target) => kinds.get(handlerName(target)) ?? "exclusive",
    runOf: (service) => runs.get(service),
  };
}
