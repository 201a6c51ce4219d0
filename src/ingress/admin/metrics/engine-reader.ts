import type { Engine, EngineStatistics, InvocationCount } from "../../../engine/engine.ts";
import { within } from "../../../model/within.ts";

/** How long a scrape waits for the engine, ms. Prometheus waits for 10 s by default. */
const readMs = 5_000;

/** How long a reading is used again, in the time that it took: so much of the engine's time do scrapes take at most. */
const reuseFactor = 9;

/** What an engine says of itself at one moment. */
export interface EngineReading {
  readonly counts: readonly InvocationCount[];
  readonly statistics: EngineStatistics;
}

/**
 * Reads an engine for scrapes. One that answers slowly is asked rarely, regardless of how often it is scraped.
 * Undefined: it does not answer.
 */
export function engineReader(
  engine: Pick<Engine, "count" | "statistics">,
): () => Promise<EngineReading | undefined> {
  let reading: Promise<EngineReading> | undefined;

  async function read(): Promise<EngineReading> {
    const begun = performance.now();
    const forget = (): void => {
      reading = undefined;
    };
    try {
      const [counts, statistics] = await Promise.all([engine.count(), engine.statistics()]);
      setTimeout(forget, reuseFactor * (performance.now() - begun)).unref();
      return { counts, statistics };
    } catch (reason) {
      forget();
      throw reason;
    }
  }

  return async () => {
    reading ??= read();
    return within(readMs, reading, "the engine did not answer").catch(() => undefined);
  };
}
