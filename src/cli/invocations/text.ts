import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { type Invocation, InvocationState } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { excerpt } from "../../model/excerpt.ts";
import { UsageError } from "../usage-error.ts";

/** How the command line spells a state: `backing-off` for INVOCATION_STATE_BACKING_OFF. */
const stateNames: ReadonlyMap<InvocationState, string> = new Map([
  [InvocationState.SCHEDULED, "scheduled"],
  [InvocationState.PENDING, "pending"],
  [InvocationState.RUNNING, "running"],
  [InvocationState.BACKING_OFF, "backing-off"],
  [InvocationState.SUCCEEDED, "succeeded"],
  [InvocationState.FAILED, "failed"],
]);

/** The state as the command line spells it. */
export function stateName(state: InvocationState): string {
  return stateNames.get(state) ?? "unknown";
}

/** Reads a state. @throws UsageError that lists the states. */
export function parseState(name: string): InvocationState {
  for (const [state, known] of stateNames) {
    if (known === name) {
      return state;
    }
  }
  throw new UsageError(
    `--state must be one of ${[...stateNames.values()].join(", ")}, not ${JSON.stringify(name)}`,
  );
}

/** What is invoked: `Service/Method`, with the key in brackets, cut where it is longer than `maxKey` characters. */
export function targetText({ service, method, key }: Invocation, maxKey = Number.POSITIVE_INFINITY): string {
  return key === undefined || key === ""
    ? `${service}/${method}`
    : `${service}[${excerpt(key, maxKey)}]/${method}`;
}

/** ISO 8601, or nothing. */
export function timeText(time: Timestamp | undefined): string {
  return time === undefined ? "" : timestampDate(time).toISOString();
}

/** The last error: `[code] message`, or nothing. */
export function failureText({ lastFailure }: Invocation): string {
  return lastFailure === undefined ? "" : `[${lastFailure.code}] ${lastFailure.message}`;
}
