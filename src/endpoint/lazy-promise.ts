/**
 * A promise whose work starts when somebody waits for it. Restate's SDK suspends an invocation as soon as
 * all that it waits for is Restate's to deliver: a `then` that nobody asked for would suspend a handler in
 * the middle of something else.
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
