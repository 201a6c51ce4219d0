/** The middle one of some figures, or the mean of the two in the middle. NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (below + above) / 2;
}

/** The median over the rounds of a figure divided by another one of the same round. */
export function medianRatio(above: readonly number[], below: readonly number[]): number {
  return median(above.map((figure, round) => figure / (below[round] ?? Number.NaN)));
}
