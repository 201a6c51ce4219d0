import type { HandlerKind } from "../../model/handler-kind.ts";
import type { Target } from "../../model/target.ts";
import type { CallResult, Engine, EngineCallOptions, Handler, ServiceHandlers } from "../engine.ts";
import type { Clock } from "./clock.ts";
import type { IdSource } from "./ids/invocation-id.ts";
import type { OutcomeWaiters } from "./invocations/outcome-waiters.ts";
import type { AttemptCounts } from "./invoker/attempt-counts.ts";
import type { Semaphore } from "./invoker/semaphore.ts";
import type { ShownStacks } from "./invoker/shown-stacks.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { StoreClient } from "./store/client.ts";

/** The parts of a started engine that its other parts share. */
export interface EngineContext {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly idSource: IdSource;
  readonly store: StoreClient;
  /** Bounds the handlers at work. */
  readonly semaphore: Semaphore;
  readonly outcomeWaiters: OutcomeWaiters;
  readonly shownStacks: ShownStacks;
  readonly attemptCounts: AttemptCounts;
  /** By {@link methodName}. */
  readonly handlers: ReadonlyMap<string, Handler>;
  /** How the invocations of a method run relative to others with the same key, by {@link methodName}. */
  readonly handlerKinds: ReadonlyMap<string, HandlerKind>;
  /** The method that a workflow runs once for each id, by service. */
  readonly workflowMethods: ReadonlyMap<string, string>;
}

/** The operations of a started engine. */
export type EngineOperations = Omit<Engine, "name" | "start" | "close" | "call"> & {
  call(target: Target, input: Uint8Array, options?: CallerOptions): Promise<CallResult>;
};

/** The handler that makes a call, and the handlers that wait for it in this process. */
export interface Caller {
  readonly target: Target;
  readonly caller: Caller | undefined;
}

/** The options of a call, and its caller if that is a handler of this process. */
export interface CallerOptions extends EngineCallOptions {
  readonly caller?: Caller | undefined;
}

/** The name of a method in the maps of the context. */
export function methodName({ service, method }: Pick<Target, "service" | "method">): string {
  return `${service}/${method}`;
}

/** How the invocations of a method run. A method that says nothing runs one at a time where there are keys. */
export function handlerKindOf({ handlerKinds }: EngineContext, target: Target): HandlerKind {
  return handlerKinds.get(methodName(target)) ?? "exclusive";
}

/** True for an invocation that holds the lock of its key while it runs. */
export function needsLock(
  context: EngineContext,
  target: Target,
): target is Target & { readonly key: string } {
  return target.key !== undefined && handlerKindOf(context, target) === "exclusive";
}

/** Reads the maps of the context from the services. */
export function mapServices(
  services: readonly ServiceHandlers[],
): Pick<EngineContext, "handlers" | "handlerKinds" | "workflowMethods"> {
  const handlers = new Map<string, Handler>();
  const handlerKinds = new Map<string, HandlerKind>();
  const workflowMethods = new Map<string, string>();
  for (const { name: service, methods, handlerKinds: kinds = [] } of services) {
    for (const [method, handler] of methods) {
      handlers.set(methodName({ service, method }), handler);
    }
    for (const [method, kind] of kinds) {
      handlerKinds.set(methodName({ service, method }), kind);
      if (kind === "run") {
        workflowMethods.set(service, method);
      }
    }
  }
  return { handlers, handlerKinds, workflowMethods };
}
