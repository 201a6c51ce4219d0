import type { IdBytes } from "../../ids/invocation-id.ts";
import type { Answer, RunEffect, StoredCompletion } from "../protocol.ts";
import { first, rows, type StatusRow } from "../sqlite/rows.ts";
import { hasEnded } from "../stored-outcome.ts";
import type { State } from "../transaction.ts";
import { resume } from "./resume.ts";

/**
 * Completes an awakeable, before or after the handler asks for it. The first completion wins. One of an
 * invocation that is unknown or has ended is taken and means nothing, as with Restate.
 */
export function awaken(
  state: State,
  id: IdBytes,
  position: number,
  completion: StoredCompletion,
  now: number,
): Answer {
  const row = first<StatusRow>(state.statements.byId, id);
  if (row === undefined || hasEnded(row)) {
    return { kind: "done" };
  }
  const { changes } = state.statements.insertAwakeable.run(
    row.seq,
    position,
    completion.kind,
    completion.body,
  );
  state.anyAwakeable = true;
  if (changes === 1) {
    state.changes.effects.push({ kind: "awaken", seq: row.seq, position, completion });
    resume(state, row, now);
  }
  return { kind: "done" };
}

/** The awakeables of an invocation that are completed already. */
export function completedAwakeables(state: State, seq: number): RunEffect["awakeables"] {
  if (!state.anyAwakeable) {
    return [];
  }
  return rows<StoredCompletion & { readonly position: number }>(state.statements.awakeables, seq).map(
    ({ position, kind, body }) => ({ position, completion: { kind, body } }),
  );
}
