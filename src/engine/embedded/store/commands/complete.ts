import { momentAfter } from "../../time.ts";
import { type EndedOutcome, type StoredOutcome, states } from "../protocol.ts";
import { first, type StatusRow } from "../sqlite/rows.ts";
import { putOutcome } from "../stored-outcome.ts";
import type { State } from "../transaction.ts";
import { nextTurn } from "../turn.ts";
import { resumeWaiters } from "./resume.ts";

/** What has to be known of an invocation to end it. */
export type Finishing = Pick<StatusRow, "seq" | "service" | "lane" | "state" | "retention">;

/** Ends an invocation with an outcome and lets the next of its key follow. Undefined when it had ended before. */
export function finish(
  state: State,
  { seq, service, lane, state: from, retention }: Finishing,
  outcome: StoredOutcome,
  now: number,
  attempts: number,
): EndedOutcome | undefined {
  const { statements, tally, options } = state;
  const to = outcome.code === 0 ? states.succeeded : states.failed;
  const expires = momentAfter(now, retention ?? options.retentionMs);
  if (statements.finish.run(to, attempts, now, expires, seq).changes === 0) {
    return undefined;
  }
  putOutcome(state, seq, outcome);
  tally.move(service, from, to);
  if (state.anyAwakeable) {
    statements.deleteAwakeables.run(seq);
  }
  if (state.anyWait) {
    resumeWaiters(state, seq, now);
  }
  if (lane !== null && from !== states.scheduled && from !== states.queued) {
    free(state, seq, service, lane, now);
  }
  return { outcome, expires };
}

/** The key's queue moves up by one. */
function free(state: State, seq: number, service: string, key: string, now: number): void {
  const { statements, counter, tally, changes } = state;
  const next = first<{ seq: number; position: number; awaited: number }>(statements.nextQueued, service, key);
  if (next !== undefined) {
    const turn = nextTurn(counter, next.awaited === 1);
    statements.makeReady.run(turn, next.position, now, next.seq);
    tally.move(service, states.queued, states.ready);
    changes.readied.push({ seq: next.seq, turn, row: undefined });
  }
  changes.freed.push({ seq, service, key, nextPosition: next?.position });
}
