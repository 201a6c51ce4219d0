import type { IdBytes } from "../../ids/invocation-id.ts";
import { forget } from "../cleaner.ts";
import { type AcceptCommand, type Answer, states } from "../protocol.ts";
import { first, type StatusRow } from "../sqlite/rows.ts";
import { smallInput } from "../sqlite/statements.ts";
import { hasEnded, hasExpired } from "../stored-outcome.ts";
import type { State } from "../transaction.ts";
import { turnAt } from "../turn.ts";

/** One object for all: what is in a message many times travels once. */
const acceptedNow = {
  kind: "accepted",
  duplicate: false,
  hasEnded: false,
  executeAt: null,
} as const satisfies Answer;

/** Accepts an invocation. If its idempotency key was used before, returns the state of the first invocation. */
export function accept(state: State, command: AcceptCommand, now: number): Answer {
  const known = command.derived ? first<StatusRow>(state.statements.byId, command.id) : undefined;
  if (known !== undefined && !hasExpired(state, known, now)) {
    return join(state, command, known);
  }
  if (known !== undefined) {
    forget(state, known);
  }
  if (command.awaited && isStopped(state, command.invokedBy)) {
    return { kind: "refused", reason: "caller-stopped", message: "the invocation that calls was ended" };
  }
  if (state.isOverfull) {
    return { kind: "refused", reason: "store-full", message: "the store has reached its configured size" };
  }
  insert(state, command, now);
  return command.due === null ? acceptedNow : { ...acceptedNow, executeAt: command.due };
}

/** A call that was on its way when its caller was cancelled or killed: it would outlive it. */
function isStopped({ statements }: State, caller: IdBytes | null): boolean {
  const row = caller === null ? undefined : first<StatusRow>(statements.byId, caller);
  return row !== undefined && (row.canceled === 1 || hasEnded(row));
}

function join(state: State, command: AcceptCommand, known: StatusRow): Answer {
  const input = first<{ body: Uint8Array }>(state.statements.input, known.seq)?.body;
  if (!command.anyInput && (input === undefined || Buffer.compare(input, command.input) !== 0)) {
    return {
      kind: "refused",
      reason: "other-input",
      message: `idempotency key was used with another request to ${command.service}/${command.method}`,
    };
  }
  return {
    kind: "accepted",
    duplicate: true,
    hasEnded: known.expires !== null,
    executeAt: known.executeAt,
  };
}

/** A delayed one waits for its time; a keyed one for its turn, unless the key is free or it needs none; any other may run. */
function insert(state: State, command: AcceptCommand, now: number): void {
  const { statements, counter, tally, changes } = state;
  const { id, service, method, key, shared } = command;
  const lane = shared ? null : key;
  const seq = counter.next();
  const due = command.due !== null && command.due > now ? command.due : null;
  const isFree = due === null && (lane === null || statements.head.get(service, lane) === undefined);
  const entered = due !== null ? states.scheduled : isFree ? states.ready : states.queued;
  const turn = isFree ? turnAt(seq, command.awaited) : null;
  const position = due === null && lane !== null ? seq : null;
  statements.insert.run(
    seq,
    id,
    service,
    method,
    key,
    entered,
    turn,
    position,
    due,
    command.retentionMs,
    now,
    now,
    command.invokedBy,
    shared ? 1 : 0,
    command.due,
    command.awaited ? 1 : 0,
  );
  statements.insertInput.run(seq, command.headers, command.input);
  tally.move(service, undefined, entered);
  if (turn !== null) {
    const { headers, input } = command;
    const row = {
      retention: command.retentionMs,
      seq,
      turn,
      position,
      id,
      service,
      method,
      key,
      lane,
      state: entered,
      attempts: 0,
      canceled: 0,
      headers,
      input,
    };
    changes.readied.push({ seq, turn, row: input.length <= smallInput ? row : undefined });
  }
}
