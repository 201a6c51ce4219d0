import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { healthPaths } from "../../src/ingress/admin/health-paths.ts";
import { engineReader } from "../../src/ingress/admin/metrics/engine-reader.ts";
import type { HttpRequest } from "../../src/ingress/http/exchange.ts";

/* The time is Vitest's: it goes on when a test says so. */
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => undefined);

/** An engine whose answers take so many ms, and how often it was asked. */
function slowEngine(ms: number) {
  let asked = 0;
  const after = <T>(value: T) => new Promise<T>((resolve) => setTimeout(resolve, ms, value));
  const engine = {
    count() {
      asked += 1;
      return after([]);
    },
    statistics: () => after({ unknown: [] }),
  };
  return { read: engineReader(engine), asked: () => asked };
}

describe("scrapes", () => {
  it("ask a slow engine for a tenth of the time at most, and share an answer that is on its way", async () => {
    const { read, asked } = slowEngine(1_000);
    const first = Promise.all([read(), read()]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await first).every((reading) => reading !== undefined)).toBe(true);
    await vi.advanceTimersByTimeAsync(8_999);
    expect(await read()).toBeDefined();
    expect(asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    const next = read();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await next).toBeDefined();
    expect(asked()).toBe(2);
  });

  it("do without an engine that takes more than 5 s", async () => {
    const { read } = slowEngine(6_000);
    const late = read();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await late).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await read()).toBeDefined();
  });
});

describe("GET /ready", () => {
  it("answers 503 when the engine does not answer within 5 s", async () => {
    const answer = healthPaths({ engine: { checkWritable: () => never }, state: () => "serving" });
    const response = answer({ method: "GET", url: "/ready" } as HttpRequest);
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await response)?.status).toBe(503);
    expect(String(Buffer.from((await response)?.body ?? []))).toContain("did not answer within 5 s");
  });
});
