export type * from "../model/invocation.ts";
export type * from "../model/logger.ts";
export type * from "../model/outcome.ts";
export type { IdempotentTarget, Target, WorkflowRun } from "../model/target.ts";
export { embedded } from "./embedded/embedded.ts";
export type { EmbeddedOptions, RetryPolicy } from "./embedded/options.ts";
export type * from "./engine.ts";
export type { RestateOptions } from "./restate/options.ts";
export { restate } from "./restate/restate.ts";
