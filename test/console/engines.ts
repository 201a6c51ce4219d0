import type { EngineName } from "../behaviour/engines.ts";
import { missingRestate } from "../support/restate-server.ts";

const why = missingRestate();
if (why !== undefined) {
  console.warn(`the console in front of Restate: not run, ${why}`);
}

/** The engines that can run here. */
export const engines: readonly EngineName[] = why === undefined ? ["embedded", "restate"] : ["embedded"];
