/** The last moment that a Protobuf `Timestamp` has, in the year 9999; epoch ms. What is later, or for ever, is then. */
export const endOfTime = 253_402_300_799_999;

/** The moment `ms` after `now`, epoch ms. Rounded to an integer, because the store needs one. */
export function momentAfter(now: number, ms: number): number {
  return Math.min(Math.ceil(now + ms), endOfTime);
}
