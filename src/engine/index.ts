export { embedded } from "./embedded/embedded.ts";
export type { EmbeddedOptions, RetryOptions } from "./embedded/options.ts";
export type * from "./engine.ts";
