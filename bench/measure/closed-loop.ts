/** What a closed loop measured. Latencies in ms, CPU time of all threads in us an operation. */
export interface LoopResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
  /** All that were made, those of the warm-up too. */
  readonly operations: number;
}

/** Keeps `inFlight` operations going for `seconds` after a warm-up. */
export async function closedLoop(
  inFlight: number,
  seconds: number,
  operation: () => Promise<unknown>,
  warmUpMs = 500,
): Promise<LoopResult> {
  const warmUntil = performance.now() + warmUpMs;
  const end = warmUntil + seconds * 1_000;
  const latencies: number[] = [];
  const client = async (): Promise<void> => {
    for (let now = performance.now(); now < end; ) {
      const begun = now;
      await operation();
      now = performance.now();
      total += 1;
      if (begun >= warmUntil && now < end) {
        latencies.push(now - begun);
      }
    }
  };
  let total = 0;
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: inFlight }, client));
  const { user, system } = process.cpuUsage(before);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return {
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    cpuMicros: (user + system) / total,
    operations: total,
  };
}
