import type { ObjectContext, WorkflowContext } from "@restatedev/restate-sdk";

/**
 * The SDK's own context: `run`, `sleep`, `rand`, state where there are keys, and `promise` in workflows.
 * Elsewhere the members that need an object throw.
 */
export type SdkContext = ObjectContext & Pick<WorkflowContext, "promise">;

declare module "../model/context.ts" {
  interface Context {
    /** The context of Restate's SDK, for all that is durable; undefined on other engines. */
    readonly sdk?: SdkContext;
  }
}
