import type { AbortNotice } from "../../../model/abort-notice.ts";
import type { Outcome } from "../../../model/outcome.ts";

/** The outcome of an invocation and the end of its retention. */
export interface Completed {
  readonly outcome: Outcome;
  readonly expiresAt: Date;
}

/** One wait for an outcome. */
export interface OutcomeWaiter {
  /** Resolves with the outcome; rejects with the signal's reason, and when the engine closes. */
  wait(signal: AbortNotice | undefined): Promise<Completed>;
  /** Ends the wait. */
  remove(): void;
}

/**
 * The waits for outcomes, by invocation id. A wait is added before the store is asked whether the invocation is
 * completed, so that none misses the completion.
 */
export class OutcomeWaiters {
  readonly #byId = new Map<string, Set<PromiseWithResolvers<Completed>>>();

  /** True if nobody waits: then ids need not be formatted. */
  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  add(id: string): OutcomeWaiter {
    const settled = Promise.withResolvers<Completed>();
    // A waiter that is removed before it waits may still be rejected.
    settled.promise.catch(() => undefined);
    const waiting = this.#byId.get(id) ?? new Set();
    this.#byId.set(id, waiting.add(settled));
    return {
      wait: (signal) => unlessAborted(settled.promise, signal),
      remove: () => {
        waiting.delete(settled);
        if (waiting.size === 0 && this.#byId.get(id) === waiting) {
          this.#byId.delete(id);
        }
      },
    };
  }

  settle(id: string, completed: Completed): void {
    for (const waiter of this.#byId.get(id) ?? []) {
      waiter.resolve(completed);
    }
    this.#byId.delete(id);
  }

  rejectAll(reason: Error): void {
    for (const waiting of this.#byId.values()) {
      for (const waiter of waiting) {
        waiter.reject(reason);
      }
    }
    this.#byId.clear();
  }
}

/** The promise, or a rejection with the signal's reason if that aborts first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortNotice | undefined): Promise<T> {
  if (signal === undefined) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener("abort", onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
