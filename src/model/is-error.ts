/**
 * True for errors of any realm: Jest runs modules in a context of its own, where `instanceof Error` does not find the
 * errors that Node throws.
 */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
