import type { BenchContext } from "../context.ts";
import type { Load, LoadAmount } from "../load/load.ts";
import type { Server } from "./start.ts";

/** Above this share of its core, the load generator is part of what is measured. */
const busyShare = 0.9;

interface MeasureOptions {
  /** Default: the context's seconds. */
  readonly amount?: LoadAmount | undefined;
  /** Waits for what the server does after its answers, which counts too. */
  readonly untilDone?: () => Promise<void>;
}

/** Puts load on a server: requests a second, and the server's own CPU time for each. */
export async function measureServer(
  { generator, seconds }: Pick<BenchContext, "generator" | "seconds">,
  server: Server,
  load: Omit<Load, "url">,
  { amount = { seconds }, untilDone }: MeasureOptions = {},
): Promise<Readonly<Record<"perSecond" | "cpuMicros" | "generatorShare", number>>> {
  const before = await server.usage();
  const result = await generator.run({ ...load, url: server.ready.url }, amount);
  await untilDone?.();
  const after = await server.usage();
  return {
    perSecond: result.requests / result.seconds,
    cpuMicros: (after.cpuMicros - before.cpuMicros) / result.requests,
    generatorShare: result.generatorShare,
  };
}

/** So many calls, that V8 has compiled what they run. */
const warmUpCalls = { quick: 3_000, full: 10_000 };

/** Calls a server until it is as fast as it gets. */
export async function warmUp(
  { generator, isQuick }: Pick<BenchContext, "generator" | "isQuick">,
  server: Server,
  load: Omit<Load, "url">,
): Promise<void> {
  const requests = isQuick ? warmUpCalls.quick : warmUpCalls.full;
  await generator.run({ ...load, url: server.ready.url }, { requests });
}

/** Says in the results how busy the generator was at most. */
export function noteGeneratorShare(context: BenchContext, shares: readonly number[]): void {
  const largest = Math.max(0, ...shares.filter((share) => !Number.isNaN(share)));
  const percent = `${(largest * 100).toFixed(0)} %`;
  context.note(
    largest > busyShare
      ? `The load generator (${context.generator.name}) used up to ${percent} of its core: requests a second are bounded by it, CPU time is not.`
      : `The load generator (${context.generator.name}) used at most ${percent} of its core.`,
  );
}
