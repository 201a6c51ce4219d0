/** A source of random choices that gives the same ones for the same seed. */
export interface Random {
  /** A whole number from 0 up to, and without, the limit. */
  int(limit: number): number;
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Buffer;
  chance(probability: number): boolean;
}

/** Makes a source of random choices (mulberry32). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const int = (limit: number) => Math.floor(next() * limit);
  return {
    int,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) {
        throw new Error("nothing to pick from");
      }
      return list[int(list.length)] as T;
    },
    bytes: (length) => Buffer.from(Uint8Array.from({ length }, () => int(256))),
    chance: (probability) => next() < probability,
  };
}
