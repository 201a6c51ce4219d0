import type { InvocationInfo, InvocationStateName } from "../../model/invocation.ts";
import type { ServiceKind } from "../../model/service-kind.ts";
import type { Row } from "../../restate-api/admin-api.ts";
import { terminalToConnectError } from "../../restate-api/terminal-error.ts";

/** The columns of `sys_invocation` that {@link infoFromRow} reads. */
export const columns = [
  "id",
  "target_service_name",
  "target_service_key",
  "target_handler_name",
  "status",
  "completion_result",
  "completion_failure",
  "completion_retention",
  "retry_count",
  "last_failure",
  "next_retry_at",
  "scheduled_at", // Not read: without it Restate 1.7.12 leaves scheduled_start_at out.
  "scheduled_start_at",
  "created_at",
  "modified_at",
  "completed_at",
  "invoked_by_id",
].join(", ");

/** Our states, as Restate's words for them. */
export const statusOf: Readonly<Record<InvocationStateName, string>> = {
  scheduled: "status = 'scheduled'",
  pending: "status IN ('pending', 'ready')",
  running: "status IN ('running', 'suspended')",
  "backing-off": "status IN ('backing-off', 'paused')",
  succeeded: "(status = 'completed' AND completion_result = 'success')",
  failed: "(status = 'completed' AND completion_result = 'failure')",
};

/** The state of a row, as {@link statusOf} has it. */
export function stateOf({ status, completion_result }: Row): InvocationStateName {
  switch (status) {
    case "scheduled":
    case "pending":
    case "running":
    case "backing-off":
      return status;
    case "ready":
      return "pending";
    case "paused": // Restate gave up retrying until somebody resumes it.
      return "backing-off";
    case "completed":
      return completion_result === "failure" ? "failed" : "succeeded";
    default: // "suspended": waits for something, without holding a handler.
      return "running";
  }
}

/** What a row of `sys_invocation` says. */
export function infoFromRow(row: Row, kinds: ReadonlyMap<string, ServiceKind>): InvocationInfo {
  const state = stateOf(row);
  const service = String(row.target_service_name);
  const completedAt = date(row.completed_at);
  const nextAttemptAt = date(state === "scheduled" ? row.scheduled_start_at : row.next_retry_at);
  const lastFailure = failure(row.completion_failure ?? row.last_failure);
  return {
    id: String(row.id),
    target: {
      service,
      method: String(row.target_handler_name),
      key: kinds.get(service) === "singleton" ? "" : text(row.target_service_key),
    },
    state,
    // Restate forgets the count when an invocation ends.
    attempts: Number(row.retry_count ?? (completedAt === undefined ? 0 : 1)),
    createdAt: date(row.created_at) ?? new Date(0),
    modifiedAt: date(row.modified_at) ?? new Date(0),
    ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
    ...(completedAt === undefined ? {} : { completedAt, ...expiry(completedAt, row.completion_retention) }),
    ...(lastFailure === undefined ? {} : { lastFailure }),
    ...(row.invoked_by_id === undefined ? {} : { invokedBy: String(row.invoked_by_id) }),
  };
}

function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function date(value: string | number | undefined): Date | undefined {
  return value === undefined ? undefined : new Date(value);
}

/** Restate writes durations as ISO 8601 does, in seconds: `PT86400S`. */
function expiry(completedAt: Date, retention: string | number | undefined): { readonly expiresAt?: Date } {
  const seconds = /^PT(\d+(?:\.\d+)?)S$/.exec(String(retention))?.[1];
  return seconds === undefined
    ? {}
    : { expiresAt: new Date(completedAt.getTime() + Number(seconds) * 1_000) };
}

/** `[404] no such order`, or `[500 Internal] boom` with a stack below, which is not for callers. */
function failure(value: string | number | undefined): InvocationInfo["lastFailure"] {
  const [, code, message] = /^\[(\d+)[^\]]*\] ([^\n]*)/.exec(String(value)) ?? [];
  if (value === undefined || code === undefined || message === undefined) {
    return undefined;
  }
  return { code: terminalToConnectError({ code: Number(code), message, metadata: {} }).code, message };
}
