import type { DatabaseSync } from "node:sqlite";
import { forgetExpired } from "./cleaner.ts";
import { finishCanceled } from "./commands/terminate.ts";
import { wakeDue } from "./due.ts";
import type { Answer, Command, FromStore, StoreOptions } from "./protocol.ts";
import { read } from "./queries.ts";
import { createDispatcher } from "./scheduler.ts";
import { isFull } from "./sqlite/database.ts";
import type { RunRow } from "./sqlite/rows.ts";
import { createHousekeeping } from "./timers.ts";
import { createState, type Out, type State, transact } from "./transaction.ts";
import { isWrite, write } from "./write.ts";

/** The partition processor: commands in; one durable transaction a batch; answers and effects out. */
export interface Partition {
  /** Hands out what a former process left. */
  start(): void;
  handle(commands: readonly Command[]): void;
  /** Hands out no attempts from here on. */
  drain(): void;
  /** Ends the timers. */
  stop(): void;
}

/** How many invocations one transaction wakes or forgets, so that none holds up the next batch for long. */
const sliceSize = 128;

const done: Answer = { kind: "done" };
const diskFull: Answer = { kind: "refused", reason: "store-full", message: "the disk of the store is full" };

/** The processor of an opened store. */
export function createPartition(
  db: DatabaseSync,
  options: StoreOptions,
  post: (message: FromStore) => void,
): Partition {
  const out = new Map<number, Out>();
  const state = createState(db, options, out);
  const dispatcher = createDispatcher(state, out, options.credit);
  /** Cancelled invocations that a former process left and that are no longer in the queue. */
  let leftovers: RunRow[] = [];

  /** Runs `work` as one transaction and takes over what it changed. False when the disk is full: nothing changed. */
  const commit = (work: () => void): boolean => {
    try {
      dispatcher.apply(transact(state, work));
      return true;
    } catch (error) {
      if (isFull(error)) {
        return false;
      }
      throw error;
    }
  };

  const publish = (answers: readonly Answer[]): void => {
    const { effects, canceled } = dispatcher.collect();
    leftovers.push(...canceled);
    if (answers.length > 0 || effects.length > 0) {
      post({ kind: "batch", answers, effects });
    }
    if (leftovers.length > 0 && endLeftovers()) {
      publish([]);
    }
  };

  /** False when the disk is full: then they wait for what is published next, which is within a second. */
  const endLeftovers = (): boolean => {
    const now = Date.now();
    const isCommitted = commit(() => {
      for (const row of leftovers) {
        finishCanceled(state, row, now, 0);
      }
    });
    if (isCommitted) {
      leftovers = [];
    }
    return isCommitted;
  };

  /** True when there is more to do. */
  const slice = (work: (state: State, now: number, limit: number) => number): boolean => {
    let count = 0;
    const isCommitted = commit(() => {
      count = work(state, Date.now(), sliceSize);
    });
    publish([]);
    return isCommitted && count === sliceSize;
  };

  const housekeeping = createHousekeeping(state, {
    wake: () => slice(wakeDue),
    forget: () => slice(forgetExpired),
  });

  const handle = (commands: readonly Command[]): void => {
    if (commands.length === 0) {
      return;
    }
    const now = Date.now();
    const answers = commands.map((): Answer => done);
    const positions: number[] = [];
    const isCommitted = commit(() => {
      for (const [i, command] of commands.entries()) {
        if (isWrite(command)) {
          answers[i] = write(state, command, now);
        } else if (command.op === "enqueue") {
          positions.push(state.counter.next());
        }
      }
    });
    for (const [i, command] of commands.entries()) {
      if (isWrite(command)) {
        answers[i] = isCommitted ? (answers[i] ?? done) : diskFull;
      } else if (command.op === "enqueue") {
        const position = positions.shift() ?? state.counter.next();
        dispatcher.enqueue(command.ticket, command.service, command.key, position);
      } else if (command.op === "leave") {
        dispatcher.leave(command.ticket);
      } else if (command.op === "credit") {
        dispatcher.addCredit(command.change);
      } else {
        answers[i] = read(db, state, command, now);
      }
    }
    publish(answers);
    housekeeping.afterBatch(commands);
  };

  return {
    start: () => {
      publish([]);
      housekeeping.start();
    },
    handle,
    drain: () => dispatcher.drain(),
    stop: () => housekeeping.stop(),
  };
}
