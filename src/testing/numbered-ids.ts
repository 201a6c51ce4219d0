/** The digits of an invocation id behind its prefix. */
const idDigits = 33;

/** Makes invocation ids in a row. They are the same in each run of a test. */
export function numberedIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `inv_1${String(last).padStart(idDigits, "0")}`;
  };
}
