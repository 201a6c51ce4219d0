import { suspendedMs } from "./commands/suspend.ts";
import type { Command } from "./protocol.ts";
import { isFull } from "./sqlite/database.ts";
import { first } from "./sqlite/rows.ts";
import type { State } from "./transaction.ts";

/** What is done on the side. Each does a bounded piece of work and says whether there is more. */
export interface Chores {
  /** Wakes invocations whose time has come. */
  readonly wake: () => boolean;
  /** Forgets invocations whose retention is over. */
  readonly forget: () => boolean;
}

/** Runs the chores when they are due, checkpoints the log and watches the size of the store. */
export interface Housekeeping {
  /** Starts the timers, and wakes what is due already. */
  start(): void;
  afterBatch(commands: readonly Command[]): void;
  stop(): void;
}

const forgetEveryMs = 1_000;
const sizeEveryMs = 250;
/** After a chore that failed because the disk is full. */
const idleMs = 1_000;
/** Frames of the write-ahead log that are worth a checkpoint: 4 MiB. */
const checkpointFrames = 1_000;
/** The longest delay that setTimeout knows. */
const longestTimeoutMs = 2 ** 31 - 1;
const pageBytes = 4_096;

/** Timers over the store; none runs before `start`. */
export function createHousekeeping(state: State, chores: Chores): Housekeeping {
  const { statements } = state;
  let timer: NodeJS.Timeout | undefined;
  let timerDue = Number.POSITIVE_INFINITY;
  let forgetTimer: NodeJS.Timeout | undefined;
  let sizeSeenAt = 0;
  let isStopped = false;

  const wakeAt = (due: number): void => {
    if (due < timerDue && !isStopped) {
      clearTimeout(timer);
      timerDue = due;
      timer = setTimeout(wake, Math.min(Math.max(due - Date.now(), 0), longestTimeoutMs));
    }
  };
  const wake = (): void => {
    timerDue = Number.POSITIVE_INFINITY;
    const before = Date.now();
    const hasMore = chores.wake();
    const due = first<{ due: number }>(statements.nextDue)?.due;
    if (due !== undefined) {
      // Still due though nothing more could be done: the disk is full.
      wakeAt(hasMore || due > before ? due : before + idleMs);
    }
    tidy();
  };
  const forget = (): void => {
    const hasMore = chores.forget();
    tidy();
    if (!isStopped) {
      forgetTimer = setTimeout(forget, hasMore ? 0 : forgetEveryMs);
    }
  };
  /** Runs after the answers are out, so that nobody waits for it but the next batch. */
  const tidy = (): void => {
    const wal = first<{ log: number; checkpointed: number }>(statements.walState);
    if (wal !== undefined && wal.log - wal.checkpointed >= checkpointFrames) {
      checkpoint(state);
    }
    const now = Date.now();
    if (now - sizeSeenAt >= sizeEveryMs) {
      sizeSeenAt = now;
      const pages = first<{ pages: number }>(statements.size)?.pages ?? 0;
      state.isOverfull = pages * pageBytes >= state.options.maxStoreBytes;
    }
  };

  return {
    start: () => {
      wake();
      forgetTimer = setTimeout(forget, forgetEveryMs);
    },
    afterBatch: (commands) => {
      for (const command of commands) {
        if ((command.op === "accept" || command.op === "retry") && command.due !== null) {
          wakeAt(command.due);
        } else if (command.op === "suspend") {
          wakeAt(Date.now() + suspendedMs);
        }
      }
      tidy();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      clearTimeout(forgetTimer);
    },
  };
}

/** A full disk leaves the log as it is; a later checkpoint finds room. */
function checkpoint({ statements }: State): void {
  try {
    statements.checkpoint.all();
  } catch (error) {
    if (!isFull(error)) {
      throw error;
    }
  }
}
