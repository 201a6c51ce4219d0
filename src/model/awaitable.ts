/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with a value at once, or with that of a promise once it is there. */
export function andThen<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
