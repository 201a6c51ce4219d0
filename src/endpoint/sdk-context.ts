import type { ObjectContext, WorkflowContext } from "@restatedev/restate-sdk";

/**
 * The SDK's own context: `run`, `sleep`, `rand`, state for services with keys, and `promise` in workflows.
 * In other services, the members that need an object throw.
 */
export type SdkContext = ObjectContext & Pick<WorkflowContext, "promise">;

declare module "../model/context.ts" {
  interface Context {
    /** The context of Restate's SDK, with its durable operations. Undefined on other engines. */
    readonly sdk?: SdkContext;
  }
}
