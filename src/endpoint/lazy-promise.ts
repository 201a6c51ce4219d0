/**
 * A promise whose work starts with the first `then`. Restate's SDK suspends an invocation as soon as it waits
 * only for results from Restate: a `then` that the handler did not call would suspend the handler while it is
 * still working.
 */
export function lazyPromise<T>(start: () => Promise<T>): Promise<T> {
  let started: Promise<T> | undefined;
  const begun = () => {
    started ??= start();
    return started;
  };
  return {
    // biome-ignore lint/suspicious/noThenProperty: this is a promise.
    then: (onResolved, onRejected) => begun().then(onResolved, onRejected),
    catch: (onRejected) => begun().catch(onRejected),
    finally: (onSettled) => begun().finally(onSettled),
    [Symbol.toStringTag]: "Promise",
  };
}
