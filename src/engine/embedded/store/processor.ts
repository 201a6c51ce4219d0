import type { DatabaseSync } from "node:sqlite";
import { adjustTimers, firstTimer, type TimerCursor } from "./adjust-timers.ts";
import { deleteExpired } from "./cleaner.ts";
import { accept } from "./commands/accept.ts";
import { complete } from "./commands/complete.ts";
import { completeAwakeable } from "./commands/complete-awakeable.ts";
import { probe } from "./commands/probe.ts";
import { purge } from "./commands/purge.ts";
import { retry } from "./commands/retry.ts";
import { suspend } from "./commands/suspend.ts";
import { completeCanceled, terminate } from "./commands/terminate.ts";
import type { Command, FromStore, StoreResponse, WriteCommand } from "./protocol.ts";
import { runQuery } from "./queries.ts";
import { diskFull } from "./refusals.ts";
import { Scheduler } from "./scheduler.ts";
import { isFull } from "./sqlite/errors.ts";
import { checkpoint, checkpointIfDue, measureStore } from "./sqlite/maintenance.ts";
import type { RunRow } from "./sqlite/rows.ts";
import type { StoreSurroundings, StoreTimers } from "./surroundings.ts";
import { fireDueTimers } from "./timers.ts";
import { createStore, type InFlight, type Store, type Transaction, transact } from "./transaction.ts";

/** Invocations that one transaction of background work looks at, so that it does not hold up the next batch. */
const pieceSize = 128;
const measureEveryMs = 250;

const done: StoreResponse = { kind: "done" };

/** Either the response to a command, or the work that is left once the transaction is on disk. */
type Step = StoreResponse | (() => StoreResponse);

/** The partition processor: one durable transaction for each batch of commands, then responses and effects. */
export class Processor {
  readonly #store: Store;
  readonly #scheduler: Scheduler;
  readonly #timers: StoreTimers;
  readonly #reserve: StoreSurroundings["reserve"];
  readonly #post: (message: FromStore) => void;
  /** Cancelled invocations that an earlier process left and that are no longer in the queue. */
  #leftovers: RunRow[] = [];
  #timerCursor: TimerCursor = firstTimer;
  #measuredAt = 0;

  /** The processor of an opened store. */
  constructor(
    db: DatabaseSync,
    options: Store["options"],
    { now, reserve, createTimers }: StoreSurroundings,
    post: (message: FromStore) => void,
  ) {
    const inFlight = new Map<number, InFlight>();
    this.#store = createStore(db, options, now, inFlight);
    this.#scheduler = new Scheduler(this.#store, inFlight);
    this.#post = post;
    this.#reserve = reserve;
    this.#timers = createTimers(this.#store, {
      fireTimers: () => this.#runPiece((transaction) => fireDueTimers(transaction, pieceSize)),
      clean: () => this.#runPiece((transaction) => deleteExpired(transaction, pieceSize)),
      adjustTimers: () => this.#adjustTimers(),
      maintain: () => this.#maintain(),
    });
  }

  /** Hands out the work that an earlier process left. */
  start(): void {
    this.#maintain();
    this.#publish([]);
    this.#timers.start();
  }

  /** Carries out a batch of commands. */
  handle(commands: readonly Command[]): void {
    if (commands.length === 0) {
      return;
    }
    const steps = this.#commitBatch(commands) ?? commands.map((command) => this.#prepare(undefined, command));
    this.#publish(steps.map((step) => (typeof step === "function" ? step() : step)));
    this.#timers.afterBatch(commands);
  }

  /** Hands out no further attempt. */
  drain(): void {
    this.#scheduler.drain();
  }

  /** Ends the timers. */
  stop(): void {
    this.#timers.stop();
  }

  /** Without a transaction the disk is full: writes are refused, everything else goes on. */
  #prepare(transaction: Transaction | undefined, command: Command): Step {
    switch (command.op) {
      case "acquire-lock": {
        const { ticket, service, key } = command;
        const position = this.#store.sequence.next();
        return () => {
          this.#scheduler.keyLocks.acquire(ticket, service, key, position);
          return done;
        };
      }
      case "release-lock":
        return () => {
          this.#scheduler.releaseLock(command.ticket);
          return done;
        };
      case "add-credit":
        return () => {
          this.#scheduler.addCredit(command.attempts, command.bytes);
          return done;
        };
      case "load-outcome":
      case "load-awakeable":
      case "get":
      case "inspect":
      case "statistics":
      case "list":
      case "count":
        return () => runQuery(this.#store, command);
      default:
        return transaction === undefined ? diskFull : execute(transaction, command);
    }
  }

  /** If the disk is full, makes room, and tries again without commands that take more of it. */
  #commitBatch(commands: readonly Command[]): readonly Step[] | undefined {
    const work = (transaction: Transaction): readonly Step[] =>
      commands.map((command) => this.#prepare(transaction, command));
    const steps = this.#commit(work);
    if (steps !== undefined) {
      return steps;
    }
    this.#reserve.release();
    checkpoint(this.#store.statements);
    this.#store.isDiskFull = true;
    const stepsWithout = this.#commit(work);
    this.#store.isDiskFull = false;
    return stepsWithout;
  }

  /** Runs `work` as one transaction and applies its changes. Undefined if the disk is full: nothing has changed. */
  #commit<T>(work: (transaction: Transaction) => T): T | undefined {
    try {
      const { result, changes } = transact(this.#store, work);
      this.#scheduler.apply(changes);
      return result;
    } catch (error) {
      if (isFull(error)) {
        return undefined;
      }
      throw error;
    }
  }

  #publish(responses: readonly StoreResponse[]): void {
    const { effects, canceled } = this.#scheduler.dispatch();
    this.#leftovers.push(...canceled);
    if (responses.length > 0 || effects.length > 0) {
      this.#post({ kind: "batch", responses, effects });
    }
    if (this.#leftovers.length > 0 && this.#completeLeftovers()) {
      this.#publish([]);
    }
  }

  /** False if the disk is full: then they wait until something is published next, which is within a second. */
  #completeLeftovers(): boolean {
    const isCommitted = this.#commit((transaction) => {
      for (const row of this.#leftovers) {
        completeCanceled(transaction, row, 0);
      }
      return true;
    });
    if (isCommitted === true) {
      this.#leftovers = [];
    }
    return isCommitted === true;
  }

  /** Runs a piece of background work. True if there is more. */
  #runPiece(work: (transaction: Transaction) => number): boolean {
    const count = this.#commit(work);
    this.#publish([]);
    return count === pieceSize;
  }

  #adjustTimers(): boolean {
    const next = this.#commit(
      (transaction) => adjustTimers(transaction, this.#timerCursor, pieceSize) ?? "end",
    );
    this.#timerCursor = next === undefined || next === "end" ? firstTimer : next;
    return this.#timerCursor !== firstTimer;
  }

  /** Runs after the responses are out, so that only the next batch waits for it. */
  #maintain(): void {
    checkpointIfDue(this.#store);
    const now = this.#store.now();
    if (Math.abs(now - this.#measuredAt) >= measureEveryMs) {
      this.#measuredAt = now;
      this.#store.usedBytes = measureStore(this.#store);
      this.#reserve.fill();
    }
  }
}

function execute(transaction: Transaction, command: WriteCommand): StoreResponse {
  switch (command.op) {
    case "accept":
      return accept(transaction, command);
    case "complete":
      return complete(transaction, command);
    case "retry":
      return retry(transaction, command);
    case "suspend":
      return suspend(transaction, command);
    case "terminate":
      return terminate(transaction, command);
    case "purge":
      return purge(transaction, command);
    case "complete-awakeable":
      return completeAwakeable(transaction, command);
    case "probe":
      return probe(transaction);
  }
}
