import { closedLoop, type LoopResult } from "./closed-loop.ts";
import { medianRatio } from "./statistics.ts";

/** A contender: one of the things that are compared. */
export interface Contender {
  readonly name: string;
  operation(): Promise<unknown>;
  /** CPU time of the process that serves it so far, us. */
  readonly cpu?: () => number;
}

export interface Measured extends LoopResult {
  /** CPU time of the serving process, us an operation. */
  readonly serverCpuMicros: number;
}

/**
 * Measures contenders in turns: other work on the machine slows all of them alike. Every second round goes
 * the other way round.
 */
export async function measureInTurns(
  contenders: readonly Contender[],
  {
    inFlight,
    seconds,
    rounds,
  }: { readonly inFlight: number; readonly seconds: number; readonly rounds: number },
): Promise<ReadonlyMap<string, readonly Measured[]>> {
  const results = new Map(contenders.map(({ name }): [string, Measured[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, operation, cpu } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const before = cpu?.() ?? 0;
      let operations = 0;
      const result = await closedLoop(inFlight, seconds, () => {
        operations += 1;
        return operation();
      });
      results.get(name)?.push({ ...result, serverCpuMicros: ((cpu?.() ?? 0) - before) / operations });
    }
  }
  return results;
}

/** The median over the rounds of one figure, divided by that of another contender in the same round. */
export function ratioOfRounds(
  ours: readonly Measured[],
  theirs: readonly Measured[],
  figure: (measured: Measured) => number,
): number {
  return medianRatio(ours.map(figure), theirs.map(figure));
}
