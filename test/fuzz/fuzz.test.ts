import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

const seed = Math.floor(Math.random() * 2 ** 32);

// The seed is in the name, for npm run fuzz -- --seed.
test(`malformed requests (seed ${seed}) end no process and spoil no request after them`, async () => {
  const { sent, held, cut, costs } = await fuzz({ requests: 6_000, rounds: 2, seed, costlyBytes: 2 ** 20 });
  expect(sent).toBeGreaterThanOrEqual(6_000);
  expect(held.at(-1)).toBeLessThan((held[0] ?? 0) + 32 * 2 ** 20);
  expect(cut).toBeGreaterThan(30);
  expect(costs.length).toBeGreaterThan(10);
}, 180_000);
