import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ListInvocationsRequestSchema } from "../../../generated/restateconnect/v1/admin_pb.ts";
import { InvocationState } from "../../../generated/restateconnect/v1/invocations_pb.ts";

/** The names of the states, as the page and its address write them, in the order of an invocation's life. */
export const stateNames = {
  scheduled: InvocationState.SCHEDULED,
  pending: InvocationState.PENDING,
  running: InvocationState.RUNNING,
  "backing-off": InvocationState.BACKING_OFF,
  succeeded: InvocationState.SUCCEEDED,
  failed: InvocationState.FAILED,
} as const;
export type StateName = keyof typeof stateNames;

/** The states in their order. */
export const allStates = Object.keys(stateNames) as readonly StateName[];

const live: readonly StateName[] = ["scheduled", "pending", "running", "backing-off"];
const completed: readonly StateName[] = ["succeeded", "failed"];

/** The name of a state; "unknown" for one of a newer server. */
export function stateName(state: InvocationState): StateName | "unknown" {
  return allStates.find((name) => stateNames[name] === state) ?? "unknown";
}

/** Which invocations to show. All of it is in the address. */
export interface Filter {
  readonly service: string;
  readonly method: string;
  /** Undefined: all keys. */
  readonly key: string | undefined;
  readonly states: readonly StateName[];
  readonly id: string;
  readonly idempotencyKey: string;
  /** Only those created within so many seconds; 0: all. */
  readonly withinSeconds: number;
  readonly invokedBy: string;
  readonly oldestFirst: boolean;
}

type FilterMessage = Exclude<MessageInitShape<typeof ListInvocationsRequestSchema>, { $typeName: string }>;

/** Reads a filter from the parameters of an address. */
export function filterFrom(parameters: URLSearchParams): Filter {
  const text = (name: string): string => parameters.get(name) ?? "";
  return {
    service: text("service"),
    method: text("method"),
    key: parameters.get("key") ?? undefined,
    states: allStates.filter((state) => parameters.getAll("state").includes(state)),
    id: text("id"),
    idempotencyKey: text("idempotency-key"),
    withinSeconds: Math.max(0, Math.trunc(Number(text("within"))) || 0),
    invokedBy: text("invoked-by"),
    oldestFirst: text("order") === "oldest",
  };
}

/** Writes a filter as the parameters of an address. */
export function filterParameters(filter: Filter): URLSearchParams {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string): void => {
    if (value !== "") {
      parameters.set(name, value);
    }
  };
  set("service", filter.service);
  set("method", filter.method);
  if (filter.key !== undefined) {
    parameters.set("key", filter.key);
  }
  for (const state of filter.states) {
    parameters.append("state", state);
  }
  set("id", filter.id);
  set("idempotency-key", filter.idempotencyKey);
  set("within", filter.withinSeconds === 0 ? "" : String(filter.withinSeconds));
  set("invoked-by", filter.invokedBy);
  set("order", filter.oldestFirst ? "oldest" : "");
  return parameters;
}

/** Writes a filter for the admin API. */
export function filterMessage(filter: Filter): FilterMessage {
  const { service, method, key, states, id, idempotencyKey, withinSeconds, invokedBy, oldestFirst } = filter;
  return {
    service,
    method,
    states: states.map((state) => stateNames[state]),
    id,
    invokedBy,
    oldestFirst,
    ...(key === undefined ? {} : { key }),
    ...(idempotencyKey === "" ? {} : { idempotencyKey }),
    ...(withinSeconds === 0 ? {} : { maxAge: { seconds: BigInt(withinSeconds) } }),
  };
}

/** What can be done to invocations. */
export type EndAction = "cancel" | "kill" | "purge";

/** The filter, narrowed to the invocations that an action can have an effect on. Undefined: to none. */
export function endableBy(filter: Filter, action: EndAction): Filter | undefined {
  const possible = action === "purge" ? completed : live;
  const states =
    filter.states.length === 0 ? possible : filter.states.filter((state) => possible.includes(state));
  return states.length === 0 ? undefined : { ...filter, states };
}

/** True for a state that an action has an effect on. */
export function canBeEnded(state: StateName | "unknown", action: EndAction): boolean {
  return (action === "purge" ? completed : live).some((name) => name === state);
}
