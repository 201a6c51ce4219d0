/**
 * The engines of an ingress: the embedded engine, and a Restate server. Needs Node.
 *
 * @module
 */

export type { AbortNotice } from "../model/abort-notice.ts";
export type { DurationCounts } from "../model/duration-counts.ts";
export type * from "../model/invocation.ts";
export type * from "../model/logger.ts";
export type * from "../model/outcome.ts";
export type { IdempotentTarget, Target, WorkflowRun } from "../model/target.ts";
export { embedded } from "./embedded/embedded.ts";
export type { EmbeddedOptions, RetryPolicy } from "./embedded/options.ts";
export type * from "./engine.ts";
export type { RestateOptions } from "./restate/options.ts";
export { restate } from "./restate/restate.ts";
