import type { IdBytes } from "../../ids/invocation-id.ts";
import { deleteInvocation } from "../cleaner.ts";
import { type AcceptCommand, type StoreResponse, states } from "../protocol.ts";
import { rankOf } from "../ready-queue.ts";
import { refusalIfFull } from "../refusals.ts";
import { first, type NewInvocation, type StatusRow } from "../sqlite/rows.ts";
import { smallInput } from "../sqlite/statements.ts";
import { isCompleted, isExpired } from "../stored-outcome.ts";
import type { Store, Transaction } from "../transaction.ts";
import { findDeadlock } from "./deadlock.ts";

/** One object for all: a value that is in a message many times travels once. */
const acceptedNow = {
  kind: "accepted",
  isDuplicate: false,
  isCompleted: false,
  executeAt: null,
} as const satisfies StoreResponse;

/** Takes an invocation in. If its id is known already, joins that invocation. */
export function accept(transaction: Transaction, command: AcceptCommand): StoreResponse {
  const { store, now } = transaction;
  const known = command.isDerived ? first<StatusRow>(store.statements.byId, { id: command.id }) : undefined;
  const deadlock = findDeadlock(store, command, known);
  if (deadlock !== undefined) {
    return deadlock;
  }
  if (known !== undefined && !isExpired(store, known, now)) {
    return joinKnown(store, command, known);
  }
  if (command.isAwaited && isTerminated(store, command.invokedBy)) {
    return {
      kind: "refused",
      reason: "caller-terminated",
      message: "the calling invocation was cancelled or killed",
    };
  }
  const refused = refusalIfFull(store, store.options.maxStoreBytes);
  if (refused !== undefined) {
    return refused;
  }
  if (known !== undefined) {
    deleteInvocation(transaction, known);
  }
  insert(transaction, command);
  return command.due === null ? acceptedNow : { ...acceptedNow, executeAt: command.due };
}

/** True for a call that was on its way when its caller was cancelled or killed: it would outlive it. */
function isTerminated({ statements }: Store, caller: IdBytes | null): boolean {
  const row = caller === null ? undefined : first<StatusRow>(statements.byId, { id: caller });
  return row !== undefined && (row.canceled === 1 || isCompleted(row));
}

function joinKnown({ statements }: Store, command: AcceptCommand, known: StatusRow): StoreResponse {
  const { acceptsAnyInput, service, method, input } = command;
  const body = first<{ body: Uint8Array }>(statements.input, { seq: known.seq })?.body;
  if (!acceptsAnyInput && (body === undefined || Buffer.compare(body, input) !== 0)) {
    return {
      kind: "refused",
      reason: "other-input",
      message: `idempotency key was used with another request to ${service}/${method}`,
    };
  }
  return {
    kind: "accepted",
    isDuplicate: true,
    isCompleted: known.expires !== null,
    executeAt: known.executeAt,
  };
}

/** Inserts an invocation as scheduled if it is delayed, inboxed if its key is locked, otherwise ready. */
function insert({ store, changes, now }: Transaction, command: AcceptCommand): void {
  const { statements, sequence, stateCounts } = store;
  const { id, service, method, key, isShared, isAwaited, headers, input, invokedBy } = command;
  const seq = sequence.next();
  const lockKey = isShared ? null : key;
  const isDelayed = command.due !== null && command.due > now;
  const isReady = !isDelayed && (lockKey === null || !isLocked(store, service, lockKey));
  const rank = isReady ? rankOf(seq, isAwaited) : null;
  const state = isDelayed ? states.scheduled : isReady ? states.ready : states.inboxed;
  const due = isDelayed ? command.due : null;
  const row: NewInvocation = {
    seq,
    id,
    service,
    method,
    key,
    state,
    rank,
    position: !isDelayed && lockKey !== null ? seq : null,
    due,
    dueIn: due === null ? null : due - now,
    retention: command.retentionMs,
    created: now,
    invokedBy,
    shared: isShared ? 1 : 0,
    executeAt: command.due,
    awaited: isAwaited ? 1 : 0,
  };
  statements.insertInvocation.run(row);
  statements.insertInput.run({ seq, headers, input });
  stateCounts.move(service, undefined, state);
  const bytes = input.length + (headers?.length ?? 0);
  store.usedBytes += bytes;
  if (rank !== null) {
    const isSmall = input.length <= smallInput;
    const ready = { ...row, lockKey, attempts: 0, canceled: 0, headers, input, bytes };
    changes.ready.push({ seq, rank, row: isSmall ? ready : undefined });
  }
}

function isLocked({ statements }: Store, service: string, key: string): boolean {
  return statements.lockHolder.get({ service, key }) !== undefined;
}
