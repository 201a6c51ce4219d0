import type { RunPart } from "./context.ts";
import type { PartName } from "./report/results.ts";

/** The parts of the bench, loaded when they run. `needs` says what must be there first. */
export const parts: Readonly<
  Record<PartName, { readonly needs: readonly ("peers" | "dist")[]; load(): Promise<{ run: RunPart }> }>
> = {
  ingress: { needs: ["peers"], load: () => import("./ingress/run.ts") },
  "durable-send": { needs: [], load: () => import("./durable-send/run.ts") },
  "node-client": { needs: ["peers"], load: () => import("./node-client/run.ts") },
  "page-size": { needs: ["dist"], load: () => import("./page-size/run.ts") },
  "cold-import": { needs: ["peers", "dist"], load: () => import("./cold-import/run.ts") },
  generator: { needs: ["peers", "dist"], load: () => import("./generator/run.ts") },
  growth: { needs: [], load: () => import("./growth/run.ts") },
};
