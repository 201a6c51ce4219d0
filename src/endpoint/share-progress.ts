import type { SdkContext } from "./sdk-context.ts";

/** What the SDK awaits of a promise of its own. Its types leave this out. */
interface Awaited {
  /** Takes what has arrived for it. */
  tryComplete(): Promise<unknown>;
  /** What it still waits for, in the words of the SDK's core; null for nothing. */
  unresolvedFuture(): unknown;
  /** Rejects it, for its invocation is cancelled. */
  tryCancel(): void;
}

/** The SDK's loop of one attempt, which waits until a promise is settled. */
interface Executor {
  doProgress(awaited: Awaited): Promise<void>;
  readonly externalProgressChannel: { signal(): void };
}

/**
 * Lets a handler await several promises of the SDK at once: `Promise.all` and `Promise.race` over calls,
 * awakeables, and what `ctx.sdk` gives. The SDK has a loop for each promise that is awaited, and its loops
 * cannot wait at the same time (`awaitNext already pending`, sdk-typescript#743): every attempt would fail.
 *
 * Here one loop, the SDK's own, awaits all of them as one: whichever completes first goes on. So they
 * complete in the order of the journal, in a replay too, and an invocation that Restate suspends wakes for
 * any of them. Promises that are awaited one by one go the way they always went.
 */
export function shareProgress(sdk: SdkContext): void {
  const { promisesExecutor: executor } = sdk as unknown as { readonly promisesExecutor?: Partial<Executor> };
  if (!isExecutor(executor)) {
    return; // Another SDK, which does it some other way.
  }
  const waiting = new Set<Awaited>();
  let isRunning = false;
  const all: Awaited = {
    tryComplete: () => Promise.all([...waiting].map((one) => one.tryComplete())),
    unresolvedFuture() {
      const futures = [...waiting].flatMap((one) => {
        const future = one.unresolvedFuture();
        if (future === null) {
          waiting.delete(one);
          return [];
        }
        return [future];
      });
      // The loop ends with the last of them.
      isRunning = futures.length > 0;
      // "Unknown": of several, any may be what the handler needs.
      return futures.length > 1 ? { Unknown: futures } : (futures[0] ?? null);
    },
    tryCancel() {
      const cancelled = [...waiting];
      waiting.clear();
      isRunning = false;
      for (const one of cancelled) {
        one.tryCancel();
      }
    },
  };
  const loop = executor.doProgress.bind(executor);
  executor.doProgress = (awaited) => {
    waiting.add(awaited);
    if (isRunning) {
      // It may be parked, and shall wait for this one too.
      executor.externalProgressChannel.signal();
      return Promise.resolve();
    }
    isRunning = true;
    return loop(all);
  };
}

function isExecutor(executor: Partial<Executor> | undefined): executor is Executor {
  return (
    typeof executor?.doProgress === "function" &&
    typeof executor.externalProgressChannel?.signal === "function"
  );
}
