/** Time and chance, as an engine takes them. A test environment has its own. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** A number from 0 to 1, by which retries spread out. */
  random(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = { now: Date.now, random: Math.random };
