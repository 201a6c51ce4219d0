import type { Measurement } from "../report/results.ts";

/** Something that is measured next to others. */
export interface Turn {
  readonly work: string;
  readonly contender: string;
  /** Measures once, and gives the figures by name. */
  measure(): Promise<Readonly<Record<string, number>>>;
}

/**
 * Measures everything once a round, every second round in the other order: other work on the machine then
 * slows all contenders alike.
 */
export async function takeTurns(
  turns: readonly Turn[],
  rounds: number,
  progress: (line: string) => void,
): Promise<readonly Measurement[]> {
  const values = new Map(turns.map((turn) => [turn, {} as Record<string, number[]>]));
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      const figures = values.get(turn) ?? {};
      for (const [name, value] of Object.entries(await turn.measure())) {
        figures[name] ??= [];
        figures[name].push(value);
      }
    }
  }
  return [...values].map(([{ work, contender }, figures]) => ({ work, contender, figures }));
}
