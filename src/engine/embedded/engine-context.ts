import type { HandlerKind } from "../../model/handler-kind.ts";
import type { Target } from "../../model/target.ts";
import type { Attempt, Handler, Operations } from "../engine.ts";
import type { IdBytes } from "./ids/invocation-id.ts";
import type { PartitionHash } from "./ids/partition-key.ts";
import type { Waiters } from "./invocations/outcome-waiters.ts";
import type { Slots } from "./invoker/semaphore.ts";
import type { ResolvedOptions } from "./options.ts";
import type { Link } from "./store/client.ts";

/** What the parts of a started engine share. */
export interface Kernel {
  readonly options: ResolvedOptions;
  readonly hash: PartitionHash;
  readonly link: Link;
  readonly slots: Slots;
  readonly waiters: Waiters;
  readonly handlers: ReadonlyMap<string, Handler>;
  /** How the invocations of a method run relative to others with the same key. */
  readonly kindOf: (target: Pick<Target, "service" | "method">) => HandlerKind;
  /** The method that a workflow runs once for each id; undefined if the service is not a workflow. */
  readonly runOf: (service: string) => string | undefined;
}

/** The name under which {@link Kernel.handlers} has a method. */
export function handlerName({ service, method }: Pick<Target, "service" | "method">): string {
  return `${service}/${method}`;
}

/** Gives an attempt of a durable invocation what it may do. */
export type OperationsOf = (parent: {
  readonly invocationId: string;
  readonly seq: number;
}) => AttemptOperations;

/** What an attempt may do in its own name, behind the seam of {@link Attempt}. */
export type AttemptOperations = Omit<Operations, "call" | "send"> & {
  /** `position`: how many calls and sends to this target the attempt has made before. */
  call(...parameters: [...Parameters<Attempt["call"]>, position: number]): ReturnType<Attempt["call"]>;
  send(...parameters: [...Parameters<Attempt["send"]>, position: number]): ReturnType<Attempt["send"]>;
  /** The durable invocations whose outcomes it waits for. */
  awaited(): readonly IdBytes[];
};
