import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Code } from "@connectrpc/connect";
import type { InvocationCount } from "../../engine/engine.ts";
import { latencyHistogram } from "./latency-histogram.ts";

/** How long a sample lasts, ms. */
const sampleMs = 5_000;
/** The samples of an hour. */
const maxSamples = 3_600_000 / sampleMs;
const samplesPerMinute = 60_000 / sampleMs;
/** How often the delay of the event loop is looked at, ms. */
const delayResolutionMs = 100;
/** How long the next count of invocations waits, in the time that the last one took: where counting is slow, it is rare. */
const countPause = { unseen: 100, seen: 10 };
/** How long somebody who has looked is taken to look on, ms. */
const lookingMs = 60_000;

/** What the server did in a few seconds. */
export interface Sample {
  readonly at: Date;
  readonly durationMs: number;
  readonly calls: number;
  readonly sends: number;
  readonly errors: ReadonlyMap<Code, number>;
  /** How long calls took: the median, and what 90 % and 99 % did not exceed, ms. Undefined: there were none. */
  readonly percentilesMs: readonly [p50: number, p90: number, p99: number] | undefined;
  readonly eventLoopDelayMs: number;
  /** Undefined: not counted. */
  readonly counts: readonly InvocationCount[] | undefined;
}

/** Takes samples of what a server does. */
export interface Sampler {
  /** Adds an answer to the sample. `code` undefined: it succeeded. */
  add(kind: "call" | "send", code: Code | undefined, durationMs: number): void;
  /** The longest delay of the event loop in the last minute, ms. */
  longestDelayMs(): number;
  /** The samples of the last hour that ended after `since`, the oldest first. */
  samples(since: Date | undefined): readonly Sample[];
  stop(): void;
}

/** Starts to take samples. `count` counts the invocations of the engine. */
export function startSampler(count: () => Promise<readonly InvocationCount[]>): Sampler {
  const latencies = latencyHistogram();
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs });
  delay.enable();
  const samples: Sample[] = [];
  let counters = emptyCounters();
  let begun = performance.now();
  let nextCountAt = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function countIfCheap(): Promise<readonly InvocationCount[] | undefined> {
    const started = performance.now();
    if (started < nextCountAt) {
      return undefined;
    }
    try {
      return await count();
    } catch {
      return undefined; // the engine is away or closing
    } finally {
      const ended = performance.now();
      const pause = ended - lookedAt > lookingMs ? countPause.unseen : countPause.seen;
      nextCountAt = ended + pause * (ended - started);
    }
  }

  /** Since the last sample. The monitor measures the whole time between two looks. */
  function delayMs(): number {
    return Math.max(0, delay.max / 1e6 - delayResolutionMs);
  }

  async function sample(): Promise<void> {
    const now = performance.now();
    const percentiles = [0.5, 0.9, 0.99].map(latencies.percentile);
    const [p50, p90, p99] = percentiles;
    const taken = {
      ...counters,
      at: new Date(),
      durationMs: now - begun,
      percentilesMs:
        p50 === undefined || p90 === undefined || p99 === undefined ? undefined : ([p50, p90, p99] as const),
      eventLoopDelayMs: delayMs(),
    };
    counters = emptyCounters();
    begun = now;
    latencies.reset();
    delay.reset();
    samples.push({ ...taken, counts: await countIfCheap() });
    if (samples.length > maxSamples) {
      samples.shift();
    }
  }

  const timer = setInterval(() => void sample(), sampleMs).unref();
  return {
    add(kind, code, durationMs) {
      if (kind === "call") {
        counters.calls += 1;
        latencies.add(durationMs);
      } else {
        counters.sends += 1;
      }
      if (code !== undefined) {
        counters.errors.set(code, (counters.errors.get(code) ?? 0) + 1);
      }
    },
    longestDelayMs() {
      const lastMinute = samples.slice(-samplesPerMinute).map(({ eventLoopDelayMs }) => eventLoopDelayMs);
      return Math.max(delayMs(), ...lastMinute);
    },
    samples(since) {
      lookedAt = performance.now();
      return since === undefined ? samples : samples.filter(({ at }) => at > since);
    },
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}

function emptyCounters() {
  return { calls: 0, sends: 0, errors: new Map<Code, number>() };
}
