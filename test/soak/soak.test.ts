import { expect, test } from "vitest";
import { grown, soak } from "./soak.ts";

const seed = Math.floor(Math.random() * 2 ** 32);

// The short form of npm run soak. The seed is in the name, for npm run soak -- --seed.
test(`a server that is called, left and reset for some seconds keeps nothing (seed ${seed})`, async () => {
  const usages = await soak({ rounds: 3, seconds: 3, perSecond: 100, seed });
  expect(grown(usages)).toEqual({});
}, 180_000);
