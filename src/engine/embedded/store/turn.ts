import type { Counter } from "./sequence.ts";

/**
 * The order in which what is ready runs, one number for both halves of the queue: the positive ones are
 * taken in turn; the negative ones go ahead of them. Those are what a handler in here waits for, and
 * handlers that had to make room and can go on: as long as work that was begun can be ended, none is begun.
 */
export function nextTurn(counter: Counter, isAhead: boolean): number {
  return turnAt(counter.next(), isAhead);
}

/** The turn that goes with a number of the counter. */
export function turnAt(number: number, isAhead: boolean): number {
  return isAhead ? number - beyondCounter : number;
}

/** More than the counter ever reaches. */
const beyondCounter = 2 ** 52;

/** The turns of each half: above `after` and below `before`. */
export const halves = {
  ahead: { after: -beyondCounter, before: 0 },
  rest: { after: 0, before: beyondCounter },
} as const;
