import type { SdkContext } from "./sdk-context.ts";

/** The members of the SDK's promises that its loop uses. The SDK's types do not declare them. */
interface Awaited {
  /** Takes the result if it has arrived. */
  tryComplete(): Promise<unknown>;
  /** The result that it still waits for, as the SDK's core names it; null if it waits for nothing. */
  unresolvedFuture(): unknown;
  /** Rejects it because its invocation is canceled. */
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
 * Here a single loop, the SDK's own, awaits all of them together and continues with the first that completes.
 * They complete in the order of the journal, also in a replay, and an invocation that Restate suspends resumes
 * for any of them. Promises that are awaited one after the other are not affected.
 */
export function awaitSeveral(sdk: SdkContext): void {
  const { promisesExecutor: executor } = sdk as unknown as { readonly promisesExecutor?: Partial<Executor> };
  if (!isExecutor(executor)) {
    return; // A different version of the SDK.
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
      // "Unknown", because the handler may need any of them.
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
      // The loop may be parked: wake it, so that it waits for this promise too.
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
