/** Waits for a result for so many ms. Rejects with an Error of this message after that: the work itself goes on. */
export async function within<T>(ms: number, result: Promise<T>, message: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(message)), ms);
  try {
    return await Promise.race([result, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
