/** Iterates until the signal aborts, then throws its reason. */
export async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const end = aborted(signal);
  for (;;) {
    const next = await Promise.race([iterator.next(), end]);
    if (next.done === true) {
      return;
    }
    yield next.value;
  }
}

/** Rejects with the signal's reason when it aborts. */
export function aborted(signal: AbortSignal): Promise<never> {
  const end = new Promise<never>((_, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
    } else {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }
  });
  // Callers that await the promise get the rejection. This handler prevents an unhandled rejection.
  end.catch(() => {});
  return end;
}
