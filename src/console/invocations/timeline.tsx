import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import type { InspectInvocationResponse } from "../../../generated/restateconnect/v1/admin_pb.ts";
import type { Invocation } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { formatDuration } from "../ui/format.ts";
import { fullTime } from "../ui/time.tsx";
import { type StateName, stateName } from "./filter.ts";

interface TimelineEvent {
  readonly at: Date;
  readonly title: string;
  readonly text: string;
  readonly state: StateName | "unknown";
}

/** What happened to an invocation, in its order, with the time between. */
export function Timeline({ details }: { readonly details: InspectInvocationResponse }) {
  const events = eventsOf(details);
  return (
    <ol class="timeline">
      {events.map(({ at, title, text, state }, index) => {
        const before = events[index - 1]?.at;
        return (
          <li key={`${at.getTime()} ${title}`} class={state}>
            <div class="timeline-head">
              <strong>{title}</strong>
              <time class="muted" dateTime={at.toISOString()}>
                {fullTime(at)}
              </time>
              {before === undefined || at < before ? null : (
                <span class="muted">+{formatDuration(at.getTime() - before.getTime())}</span>
              )}
            </div>
            {text === "" ? null : <p>{text}</p>}
          </li>
        );
      })}
    </ol>
  );
}

function eventsOf({ invocation, failedAttempts }: InspectInvocationResponse): readonly TimelineEvent[] {
  if (invocation === undefined) {
    return [];
  }
  const left = invocation.attempts - failedAttempts.length - (invocation.completedAt === undefined ? 0 : 1);
  const failures = failedAttempts.flatMap(({ failedAt, failure }, index) =>
    event(
      failedAt,
      failedAttempts.length === 1 && left <= 0
        ? "Attempt failed"
        : `Attempt ${index + 1 + Math.max(0, left)} failed`,
      // Errors that are retried have no code of their own.
      failure === undefined || failure.code === "unknown"
        ? (failure?.message ?? "")
        : `${failure.code}: ${failure.message}`,
      "backing-off",
    ),
  );
  return [
    ...event(invocation.createdAt, "Accepted", "", "pending"),
    ...failures,
    ...event(invocation.completedAt, ...completion(invocation)),
    ...(invocation.completedAt === undefined ? now(invocation) : []),
  ];
}

function completion({ state, lastFailure }: Invocation): [string, string, StateName | "unknown"] {
  return stateName(state) === "succeeded"
    ? ["Succeeded", "", "succeeded"]
    : ["Failed", lastFailure === undefined ? "" : `${lastFailure.code}: ${lastFailure.message}`, "failed"];
}

/** Where one that has not completed stands. */
function now({ state, modifiedAt, nextAttemptAt }: Invocation): readonly TimelineEvent[] {
  const name = stateName(state);
  switch (name) {
    case "scheduled":
      return event(nextAttemptAt, "Due", "", name);
    case "backing-off":
      return event(nextAttemptAt, "Next attempt", "", name);
    case "running":
      return event(modifiedAt, "Running", "", name);
    default:
      return event(modifiedAt, "Waiting for its turn", "", name);
  }
}

function event(
  at: Timestamp | undefined,
  title: string,
  text: string,
  state: StateName | "unknown",
): readonly TimelineEvent[] {
  return at === undefined ? [] : [{ at: timestampDate(at), title, text, state }];
}
