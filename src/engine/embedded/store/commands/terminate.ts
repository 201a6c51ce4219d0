import type { Code } from "@connectrpc/connect";
import type { CancelMode } from "../../../../model/invocation.ts";
import type { IdBytes } from "../../ids/invocation-id.ts";
import { forget } from "../cleaner.ts";
import { type Answer, type StoredOutcome, states } from "../protocol.ts";
import { first, rows, type StatusRow } from "../sqlite/rows.ts";
import { hasEnded, hasExpired } from "../stored-outcome.ts";
import type { State } from "../transaction.ts";
import { type Finishing, finish } from "./complete.ts";

// Numbers, so that this thread need not load Connect for two constants.
const canceledCode = 1 satisfies Code.Canceled;
const abortedCode = 10 satisfies Code.Aborted;

/** The outcome of a cancelled invocation, in Restate's word. */
const canceled: StoredOutcome = { code: canceledCode, message: "canceled", body: null, meta: null };
const killed: StoredOutcome = { code: abortedCode, message: "killed", body: null, meta: null };

/**
 * Cancels or kills. An invocation that has ended is left as it is. A plain call is not known here, but what its handler waits for may be.
 */
export function end(state: State, id: IdBytes, mode: CancelMode, now: number): Answer {
  const row = first<StatusRow>(state.statements.byId, id);
  if (row === undefined || hasExpired(state, row, now)) {
    stop(state, rows<StatusRow>(state.statements.awaitedBy, id), mode, now);
    return unknownId;
  }
  stop(state, [row], mode, now);
  return { kind: "done" };
}

/** Deletes an invocation that has ended, and its outcome. */
export function purge(state: State, id: IdBytes, now: number): Answer {
  const row = first<StatusRow>(state.statements.byId, id);
  if (row === undefined || hasExpired(state, row, now)) {
    return unknownId;
  }
  if (!hasEnded(row)) {
    return { kind: "refused", reason: "not-ended", message: "has not ended: cancel or kill it first" };
  }
  forget(state, row);
  return { kind: "done" };
}

/** The answer to an id that stands for nothing we know. */
export const unknownId: Answer = {
  kind: "refused",
  reason: "unknown-id",
  message: "is not known, or no longer",
};

/**
 * Ends invocations and, in the same transaction, all that their handlers wait for. Each once: an id that is used
 * again may make one its own caller's caller.
 */
function stop(state: State, roots: readonly StatusRow[], mode: "cancel" | "kill", now: number): void {
  const stopping = new Map(roots.filter((row) => !hasEnded(row)).map((row) => [row.seq, row]));
  for (const row of stopping.values()) {
    stopOne(state, row, mode, now);
    for (const called of rows<StatusRow>(state.statements.awaitedBy, row.id)) {
      stopping.set(called.seq, called);
    }
  }
}

function stopOne(state: State, row: StatusRow, mode: "cancel" | "kill", now: number): void {
  const { changes, statements } = state;
  const isOut = row.state === states.ready && state.out.has(row.seq);
  if (isOut) {
    changes.effects.push({ kind: "abort", seq: row.seq, mode });
    if (mode === "cancel") {
      // The handler ends it. Should the process die first, the mark does.
      statements.markCanceled.run(now, row.seq);
      return;
    }
    changes.returned.push(row.seq);
  } else {
    changes.dropped.push(row.seq);
  }
  finishHere(state, row, mode === "kill" ? killed : canceled, now, isOut ? 1 : 0);
}

/**
 * Ends an invocation whose cancellation was recorded while an attempt was out, and that came back without
 * an outcome: the attempt failed before it heard of it, or its process died.
 */
export function finishCanceled(
  state: State,
  row: Finishing & { readonly id: IdBytes },
  now: number,
  attempts: number,
): void {
  finishHere(state, row, canceled, now, attempts);
}

/** Ends an invocation from here: the main thread, where others may wait for it, does not know yet. */
function finishHere(
  state: State,
  row: Finishing & { readonly id: IdBytes },
  outcome: StoredOutcome,
  now: number,
  attempts: number,
): void {
  const ended = finish(state, row, outcome, now, attempts);
  if (ended !== undefined) {
    state.changes.effects.push({ kind: "ended", id: row.id, ended });
  }
}
