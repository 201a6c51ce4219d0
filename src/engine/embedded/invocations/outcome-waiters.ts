import type { AbortNotice } from "../../../model/abort-notice.ts";
import type { Outcome } from "../../../model/outcome.ts";

/** How an invocation ended, and until when that is kept. */
export interface Ended {
  readonly outcome: Outcome;
  readonly expiresAt: Date;
}

/** Those who wait for outcomes, by invocation id. */
export interface Waiters {
  add(id: string): Waiter;
  settle(id: string, ended: Ended): void;
  rejectAll(reason: Error): void;
}

export interface Waiter {
  /** Resolves with the outcome; rejects with the signal's reason, and when the engine closes. */
  wait(signal: AbortNotice | undefined): Promise<Ended>;
  /** Waits no more. */
  remove(): void;
}

/** Waiters of an engine. One is added before the question whether its invocation has ended goes out, so that none misses the end. */
export function createWaiters(): Waiters {
  const byId = new Map<string, Set<PromiseWithResolvers<Ended>>>();
  return {
    add: (id) => {
      const settled = Promise.withResolvers<Ended>();
      // A waiter that is removed before it waits may still be rejected.
      settled.promise.catch(() => undefined);
      const waiting = byId.get(id) ?? new Set();
      byId.set(id, waiting.add(settled));
      return {
        wait: (signal) => unlessAborted(settled.promise, signal),
        remove: () => {
          waiting.delete(settled);
          if (waiting.size === 0 && byId.get(id) === waiting) {
            byId.delete(id);
          }
        },
      };
    },
    settle: (id, ended) => {
      for (const waiter of byId.get(id) ?? []) {
        waiter.resolve(ended);
      }
      byId.delete(id);
    },
    rejectAll: (reason) => {
      for (const waiting of byId.values()) {
        for (const waiter of waiting) {
          waiter.reject(reason);
        }
      }
      byId.clear();
    },
  };
}

/** The promise, or a rejection with the signal's reason if that aborts first. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortNotice | undefined): Promise<T> {
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
