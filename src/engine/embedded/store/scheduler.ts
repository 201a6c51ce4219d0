import { completedAwakeables } from "./commands/complete-awakeable.ts";
import { KeyLocks } from "./key-locks.ts";
import { type Effect, states } from "./protocol.ts";
import { ReadyQueue, rankRanges } from "./ready-queue.ts";
import { first, type RunRow } from "./sqlite/rows.ts";
import type { Changes, InFlight, ReadyItem, Store } from "./transaction.ts";

/** Decides which ready invocations run now: as far as the locks of their keys and the main thread's credit allow. */
export class Scheduler {
  readonly keyLocks: KeyLocks;
  readonly #store: Store;
  readonly #inFlight: Map<number, InFlight>;
  readonly #urgent: ReadyQueue;
  readonly #normal: ReadyQueue;
  /** Durable invocations that waited for a plain call of their key. */
  #unparked: ReadyItem[] = [];
  #effects: Effect[] = [];
  /** Attempts that may be handed out. */
  #credit: number;
  /** The requests of the attempts in flight whose handlers do not wait. */
  #runningBytes = 0;
  #isDraining = false;

  /** Keeps the attempts in flight in `inFlight`. */
  constructor(store: Store, inFlight: Map<number, InFlight>) {
    const { statements, options } = store;
    this.#store = store;
    this.#inFlight = inFlight;
    this.#credit = options.maxRunning;
    this.#urgent = new ReadyQueue(statements, rankRanges.urgent);
    this.#normal = new ReadyQueue(statements, rankRanges.normal);
    this.keyLocks = new KeyLocks(statements, (ticket) =>
      this.#effects.push({ kind: "lock-granted", ticket }),
    );
  }

  releaseLock(ticket: number): void {
    const parked = this.keyLocks.release(ticket);
    if (parked !== undefined) {
      this.#unparked.push(parked);
    }
  }

  addCredit(attempts: number, bytes: number): void {
    this.#credit += attempts;
    this.#runningBytes -= bytes;
  }

  /** Takes over the changes of a transaction that is on disk. */
  apply({ effects, finished, ready, withdrawn, releasedLocks }: Changes): void {
    for (const effect of effects) {
      this.#effects.push(effect);
    }
    for (const seq of finished) {
      const attempt = this.#inFlight.get(seq);
      if (attempt !== undefined) {
        this.#inFlight.delete(seq);
        this.addCredit(1, attempt.bytes);
      }
    }
    for (const item of ready) {
      this.#queueOf(item).add(item);
    }
    for (const seq of withdrawn) {
      this.#urgent.remove(seq);
      this.#normal.remove(seq);
      this.#unparked = this.#unparked.filter((item) => item.seq !== seq);
    }
    for (const released of releasedLocks) {
      this.keyLocks.onReleased(released);
    }
  }

  /** Hands out no further attempt. */
  drain(): void {
    this.#isDraining = true;
  }

  /**
   * Hands out the attempts that may run. Returns the effects since the last time, and the cancelled invocations that
   * an earlier process left.
   */
  dispatch(): { readonly effects: readonly Effect[]; readonly canceled: readonly RunRow[] } {
    const canceled: RunRow[] = [];
    while (this.#credit > 0 && !this.#isDraining) {
      const item = this.#unparked.shift() ?? this.#urgent.take() ?? this.#normal.take();
      if (item === undefined) {
        break;
      }
      const row = item.row ?? first<RunRow>(this.#store.statements.runRow, { seq: item.seq });
      if (row === undefined || row.state !== states.ready) {
        continue;
      }
      if (row.lockKey !== null && !this.keyLocks.admit(item, row.service, row.lockKey)) {
        continue;
      }
      if (row.canceled === 1) {
        canceled.push(row);
      } else if (this.#hasRoom(row.bytes)) {
        this.#run(row);
      } else {
        this.#queueOf(item).putBack(item);
        break;
      }
    }
    const effects = this.#effects;
    this.#effects = [];
    return { effects, canceled };
  }

  /** One request of any size has room; more than one only within the limit. */
  #hasRoom(bytes: number): boolean {
    return this.#runningBytes <= 0 || this.#runningBytes + bytes <= this.#store.options.maxRunningBytes;
  }

  #queueOf({ rank }: ReadyItem): ReadyQueue {
    return rank < 0 ? this.#urgent : this.#normal;
  }

  #run(row: RunRow): void {
    const { seq, id, service, method, key, lockKey, retention, headers, attempts, bytes } = row;
    this.addCredit(-1, -bytes);
    this.#inFlight.set(seq, { service, lockKey, retention, bytes });
    this.#effects.push({
      kind: "run",
      seq,
      id,
      service,
      method,
      key,
      headers,
      input: row.input ?? this.#loadInput(seq),
      attempts,
      completedAwakeables: completedAwakeables(this.#store, seq),
    });
  }

  #loadInput(seq: number): Uint8Array {
    return first<{ body: Uint8Array }>(this.#store.statements.input, { seq })?.body ?? new Uint8Array();
  }
}
