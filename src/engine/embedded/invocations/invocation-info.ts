import { Code } from "@connectrpc/connect";
import type { InvocationInfo, InvocationStateName } from "../../../model/invocation.ts";
import type { InvocationCount, InvocationQuery } from "../../engine.ts";
import { formatId, type IdBytes } from "../ids/invocation-id.ts";
import {
  type InvocationRecord,
  type ListQuery,
  type StoredState,
  type StoreResponse,
  states,
} from "../store/protocol.ts";

const stateNames = {
  [states.scheduled]: "scheduled",
  [states.inboxed]: "pending",
  [states.ready]: "pending",
  [states.backingOff]: "backing-off",
  [states.succeeded]: "succeeded",
  [states.failed]: "failed",
  [states.suspended]: "pending",
} as const satisfies Record<StoredState, InvocationStateName>;

const storedStates: Readonly<Record<InvocationStateName, readonly StoredState[]>> = {
  scheduled: [states.scheduled],
  pending: [states.inboxed, states.ready, states.suspended],
  running: [states.ready],
  "backing-off": [states.backingOff],
  succeeded: [states.succeeded],
  failed: [states.failed],
};

/** Shows a row of the store to people. */
export function infoFrom(record: InvocationRecord): InvocationInfo {
  const { isRunning, due, expires, code, message, invokedBy } = record;
  return {
    id: formatId(record.id),
    target: { service: record.service, method: record.method, key: record.key ?? undefined },
    state: isRunning ? "running" : stateNames[record.state],
    attempts: record.attempts + (isRunning ? 1 : 0),
    createdAt: new Date(record.created),
    modifiedAt: new Date(record.modified),
    nextAttemptAt: due === null || record.state === states.suspended ? undefined : new Date(due),
    completedAt: expires === null ? undefined : new Date(record.modified),
    expiresAt: expires === null ? undefined : new Date(expires),
    lastFailure: code === null || code === 0 ? undefined : { code: asCode(code), message: message ?? "" },
    invokedBy: invokedBy === null ? undefined : formatId(invokedBy),
  };
}

/** The store's form of a query, from where the last page ended. */
export function listQuery(
  query: InvocationQuery,
  invokedBy: IdBytes | null,
  behindSeq: number | null,
  limit: number,
  now: number,
): ListQuery {
  return {
    service: query.service ?? null,
    method: query.method ?? null,
    key: query.key ?? null,
    states: query.states === undefined ? null : query.states.flatMap((state) => storedStates[state]),
    createdBefore: query.minAgeMs === undefined ? null : now - query.minAgeMs,
    createdAfter: query.maxAgeMs === undefined ? null : now - query.maxAgeMs,
    invokedBy,
    isOldestFirst: query.oldestFirst ?? false,
    behindSeq,
    limit,
  };
}

/** Counts as people want them: what runs is apart from what is pending. */
export function countsFrom({
  counts,
  running,
}: StoreResponse & { readonly kind: "counts" }): readonly InvocationCount[] {
  const sums = new Map<string, InvocationCount>();
  const add = (service: string, state: InvocationStateName, count: number): void => {
    const name = `${service}/${state}`;
    const sum = (sums.get(name)?.count ?? 0) + count;
    sums.set(name, { service, state, count: sum });
  };
  for (const { service, state, count } of counts) {
    add(service, stateNames[state], count);
  }
  for (const [service, count] of running) {
    add(service, "running", count);
    add(service, "pending", -count);
  }
  return [...sums.values()].filter(({ count }) => count > 0);
}

/** A number that the store had from a `Code`. */
function asCode(code: number): Code {
  return code in Code ? (code as Code) : Code.Unknown;
}
