import { first } from "./sqlite/rows.ts";
import type { Statements } from "./sqlite/statements.ts";
import type { Changes, ReadyItem } from "./transaction.ts";

/**
 * The lock of a key that plain calls hold or wait for. Durable invocations hold it by their state on disk, and wait in
 * the inbox there; this exists only while a plain call runs or waits, and vanishes with the process.
 */
interface KeyLock {
  readonly service: string;
  readonly key: string;
  /** The plain call that runs. */
  holder: number | undefined;
  /** The plain calls that wait, by position in the inbox. */
  readonly waiting: { readonly ticket: number; readonly position: number }[];
  /** The durable invocation that may run once the holder is done. */
  parked: ReadyItem | undefined;
}

/** The locks of the keys of plain calls. */
export class KeyLocks {
  readonly #statements: Statements;
  readonly #grant: (ticket: number) => void;
  readonly #byName = new Map<string, KeyLock>();
  readonly #byTicket = new Map<number, KeyLock>();

  /** `grant` receives the ticket of each call that gets its lock. */
  constructor(statements: Statements, grant: (ticket: number) => void) {
    this.#statements = statements;
    this.#grant = grant;
  }

  acquire(ticket: number, service: string, key: string, position: number): void {
    const name = nameOf(service, key);
    let lock = this.#byName.get(name);
    const isNew = lock === undefined;
    if (lock === undefined) {
      lock = { service, key, holder: undefined, waiting: [], parked: undefined };
      this.#byName.set(name, lock);
    }
    this.#byTicket.set(ticket, lock);
    lock.waiting.push({ ticket, position });
    if (isNew) {
      this.#grantNext(lock, this.#positionOfHolder(lock));
    }
  }

  /** A plain call is done, or no longer waits. Returns the durable invocation that waited for it, if any. */
  release(ticket: number): ReadyItem | undefined {
    const lock = this.#byTicket.get(ticket);
    this.#byTicket.delete(ticket);
    if (lock === undefined) {
      return undefined;
    }
    if (lock.holder !== ticket) {
      const index = lock.waiting.findIndex((call) => call.ticket === ticket);
      lock.waiting.splice(index, 1);
      if (lock.holder === undefined && lock.waiting.length === 0) {
        this.#byName.delete(nameOf(lock.service, lock.key));
      }
      return undefined;
    }
    lock.holder = undefined;
    this.#grantNext(lock, this.#positionOfHolder(lock));
    if (lock.holder !== undefined) {
      return undefined;
    }
    const { parked } = lock;
    lock.parked = undefined;
    return parked;
  }

  /** False while a plain call holds the key: {@link release} returns the item then. */
  admit(item: ReadyItem, service: string, key: string): boolean {
    const lock = this.#byName.get(nameOf(service, key));
    if (lock?.holder === undefined) {
      return true;
    }
    lock.parked = item;
    return false;
  }

  /** A durable invocation has released its lock. */
  onReleased({ seq, service, key, nextPosition }: Changes["releasedLocks"][number]): void {
    const lock = this.#byName.get(nameOf(service, key));
    if (lock === undefined) {
      return;
    }
    if (lock.parked?.seq === seq) {
      lock.parked = undefined;
    }
    if (lock.holder === undefined) {
      this.#grantNext(lock, nextPosition);
    }
  }

  /** Grants the lock to the first plain call that waits, unless a durable invocation came before it. */
  #grantNext(lock: KeyLock, durablePosition: number | undefined): void {
    const call = lock.waiting[0];
    if (call !== undefined && (durablePosition === undefined || call.position < durablePosition)) {
      lock.waiting.shift();
      lock.holder = call.ticket;
      this.#grant(call.ticket);
    } else if (call === undefined) {
      this.#byName.delete(nameOf(lock.service, lock.key));
    }
  }

  /** The inbox position of the durable invocation that holds the key on disk. */
  #positionOfHolder({ service, key }: KeyLock): number | undefined {
    return first<{ position: number }>(this.#statements.lockHolder, { service, key })?.position;
  }
}

function nameOf(service: string, key: string): string {
  return `${service}/${key}`;
}
