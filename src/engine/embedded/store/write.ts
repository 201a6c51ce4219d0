import { accept } from "./commands/accept.ts";
import { finish } from "./commands/complete.ts";
import { awaken } from "./commands/complete-awakeable.ts";
import { suspend } from "./commands/suspend.ts";
import { end, finishCanceled, purge } from "./commands/terminate.ts";
import type { Answer, Command, WriteCommand } from "./protocol.ts";
import { states } from "./protocol.ts";
import { first, type RunRow } from "./sqlite/rows.ts";
import { putOutcome } from "./stored-outcome.ts";
import type { State } from "./transaction.ts";

/** True for commands that are part of the batch's transaction. */
export function isWrite(command: Command): command is WriteCommand {
  switch (command.op) {
    case "accept":
    case "complete":
    case "retry":
    case "end":
    case "purge":
    case "awaken":
    case "suspend":
      return true;
    default:
      return false;
  }
}

/** Carries out one command within the batch's transaction. */
export function write(state: State, command: WriteCommand, now: number): Answer {
  switch (command.op) {
    case "accept":
      return accept(state, command, now);
    case "complete":
      return complete(state, command, now);
    case "retry":
      return retry(state, command, now);
    case "end":
      return end(state, command.id, command.mode, now);
    case "purge":
      return purge(state, command.id, now);
    case "awaken":
      return awaken(state, command.id, command.position, command.completion, now);
    case "suspend":
      return putOff(state, command, now);
  }
}

/** The last attempt is back. It comes too late when the invocation was killed: then nothing happens. */
function complete(state: State, command: WriteCommand & { readonly op: "complete" }, now: number): Answer {
  const out = state.out.get(command.seq);
  if (out === undefined) {
    return { kind: "completed", expires: null };
  }
  const row = { ...out, seq: command.seq, state: states.ready };
  const ended = finish(state, row, command.outcome, now, 1);
  state.changes.returned.push(command.seq);
  return { kind: "completed", expires: ended?.expires ?? null };
}

/** Records a failed attempt and schedules the next, unless the invocation was canceled. It keeps its key. */
function retry(state: State, command: WriteCommand & { readonly op: "retry" }, now: number): Answer {
  const { statements, tally, changes } = state;
  const out = state.out.get(command.seq);
  if (out === undefined) {
    return { kind: "done" };
  }
  changes.returned.push(command.seq);
  if (statements.backOff.run(command.due, now, command.seq).changes === 1) {
    putOutcome(state, command.seq, command.error);
    tally.move(out.service, states.ready, states.backingOff);
  } else {
    endIfCanceled(state, command.seq, now, 1);
  }
  return { kind: "done" };
}

/** Suspends an attempt that waits. A suspended attempt does not count: its number is reused. */
function putOff(state: State, command: WriteCommand & { readonly op: "suspend" }, now: number): Answer {
  const out = state.out.get(command.seq);
  if (out === undefined) {
    return { kind: "done" };
  }
  state.changes.returned.push(command.seq);
  if (!suspend(state, command, out.service, now)) {
    endIfCanceled(state, command.seq, now, 0);
  }
  return { kind: "done" };
}

/** A cancel was recorded while the attempt was out, which ended before it heard of it. */
function endIfCanceled(state: State, seq: number, now: number, attempts: number): void {
  const row = first<RunRow>(state.statements.runRow, seq);
  if (row?.canceled === 1) {
    finishCanceled(state, row, now, attempts);
  }
}
