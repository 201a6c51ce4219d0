import { suspendedMs } from "./commands/suspend.ts";
import { type Command, states } from "./protocol.ts";
import { rankOf } from "./ready-queue.ts";
import { first, rows, type StatusRow } from "./sqlite/rows.ts";
import type { BackgroundWork, StoreTimers } from "./surroundings.ts";
import type { Store, Transaction } from "./transaction.ts";

const cleanEveryMs = 1_000;
/** The pause after a full disk. */
const pauseMs = 1_000;
/** The longest delay of setTimeout. */
const longestTimeoutMs = 2 ** 31 - 1;

/** Runs background work when it is due by the clock of the machine. */
export class Timers implements StoreTimers {
  readonly #store: Store;
  readonly #work: BackgroundWork;
  #dueTimer: NodeJS.Timeout | undefined;
  /** When the due timer fires. */
  #firesAt = Number.POSITIVE_INFINITY;
  #cleanTimer: NodeJS.Timeout | undefined;
  #lastSeen = Date.now();
  #isStopped = false;

  constructor(store: Store, work: BackgroundWork) {
    this.#store = store;
    this.#work = work;
  }

  start(): void {
    this.#adjust();
    this.#fire();
    this.#cleanTimer = setTimeout(() => this.#clean(), cleanEveryMs);
  }

  afterBatch(commands: readonly Command[]): void {
    for (const command of commands) {
      if ((command.op === "accept" || command.op === "retry") && command.due !== null) {
        this.#fireAt(command.due);
      } else if (command.op === "suspend") {
        this.#fireAt(Date.now() + suspendedMs);
      }
    }
    this.#work.maintain();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#dueTimer);
    clearTimeout(this.#cleanTimer);
  }

  #fireAt(due: number): void {
    if (due < this.#firesAt && !this.#isStopped) {
      clearTimeout(this.#dueTimer);
      this.#firesAt = due;
      const delay = Math.min(Math.max(due - Date.now(), 0), longestTimeoutMs);
      this.#dueTimer = setTimeout(() => this.#fire(), delay);
    }
  }

  #fire(): void {
    this.#firesAt = Number.POSITIVE_INFINITY;
    const before = Date.now();
    const hasMore = this.#work.fireTimers();
    const due = first<{ due: number }>(this.#store.statements.nextDue)?.due;
    if (due !== undefined) {
      // Still due though nothing more could be done: the disk is full.
      this.#fireAt(hasMore || due > before ? due : before + pauseMs);
    }
    this.#work.maintain();
  }

  #clean(): void {
    const hasMore = this.#work.clean();
    const now = Date.now();
    if (now < this.#lastSeen) {
      this.#adjust();
    }
    this.#lastSeen = now;
    this.#work.maintain();
    if (!this.#isStopped) {
      this.#cleanTimer = setTimeout(() => this.#clean(), hasMore ? 0 : cleanEveryMs);
    }
  }

  /** Looks through all timers, a page at a time. */
  #adjust(): void {
    const hasMore = this.#work.adjustTimers();
    if (hasMore && !this.#isStopped) {
      setImmediate(() => this.#adjust());
    } else {
      const due = first<{ due: number }>(this.#store.statements.nextDue)?.due;
      this.#fireAt(due ?? Number.POSITIVE_INFINITY);
    }
  }
}

/**
 * Moves at most `limit` invocations whose time has come to their inbox or to the ready ones. Returns their number. A
 * delayed one enters the inbox of its key now: its position there is that of its due time. One that backed off or is
 * suspended still holds the lock of its key.
 */
export function fireDueTimers(transaction: Transaction, limit: number): number {
  const { store, now } = transaction;
  const due = rows<StatusRow>(store.statements.dueNow, { now, limit });
  for (const row of due) {
    fireTimer(transaction, row);
  }
  return due.length;
}

function fireTimer({ store, changes, now }: Transaction, row: StatusRow): void {
  const { statements, sequence, stateCounts } = store;
  const { seq, service, lockKey, state } = row;
  const number = sequence.next();
  const isLocked =
    state === states.scheduled &&
    lockKey !== null &&
    statements.lockHolder.get({ service, key: lockKey }) !== undefined;
  if (isLocked) {
    statements.makeInboxed.run({ position: number, now, seq });
    stateCounts.move(service, state, states.inboxed);
    return;
  }
  const position = lockKey === null ? null : (row.position ?? number);
  const rank = rankOf(number, row.awaited === 1);
  statements.makeReady.run({ rank, position, now, seq });
  stateCounts.move(service, state, states.ready);
  changes.ready.push({ seq, rank, row: undefined });
}
