/** The names of all options of `T`, of each member of a union. */
export type OptionNames<T> = Readonly<Record<T extends unknown ? keyof T : never, 1>>;

/** The end of an error about an unknown name, such as `did you mean X?`. */
type Hint = (name: string, known: readonly string[]) => string | undefined;

/**
 * Refuses options that do not exist: JavaScript would not notice a misspelt one. Options that are `undefined` count as not
 * given.
 *
 * @throws Error that names the option, and those that there are.
 */
export function refuseUnknownOptions(owner: string, given: object, known: object, hint: Hint = listed): void {
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !Object.hasOwn(known, name)) {
      throw new Error(`${owner} has no option ${name}: ${hint(name, Object.keys(known))}`);
    }
  }
}

function listed(_: string, known: readonly string[]): string {
  return `it has: ${known.join(", ")}`;
}
