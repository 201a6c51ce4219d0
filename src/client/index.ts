/**
 * What applications use together with generated clients: invocations by id, awakeables, options, retries, errors.
 *
 * @module
 */

export { Code, ConnectError } from "@connectrpc/connect";
export { InvocationState } from "../../generated/restateconnect/v1/invocations_pb.ts";
export type { Awakeable, Context } from "../model/context.ts";
export { type Awakeables, awakeables, type ResolveOptions } from "./awakeables.ts";
export {
  type Invocation,
  type InvocationHandle,
  invocation,
  type OutputMessage,
} from "./invocation.ts";
export type { IdempotentInvocation, WorkflowInvocation } from "./invocation-names.ts";
export type { CallOptions, SendOptions, SubmitOptions } from "./options.ts";
export type { InvocationResult } from "./outcome.ts";
export { type RestateError, restateError } from "./restate-error.ts";
export { type RetryOptions, retry } from "./retry.ts";
