import { expect, it } from "vitest";
import { DurationCounter } from "../../src/model/duration-counts.ts";

it("counts a duration in the first bucket whose end it does not exceed, and long ones in a bucket of their own", () => {
  const counter = new DurationCounter([1, 10]);
  for (const ms of [0, 1, 1.5, 10, 11, 1_000]) {
    counter.add(ms);
  }
  expect(counter.read()).toEqual({ boundsMs: [1, 10], counts: [2, 2, 2], sumMs: 1_023.5 });
});

it("gives a copy, which later durations do not change", () => {
  const counter = new DurationCounter([1]);
  const before = counter.read();
  counter.add(0.5);
  expect(before).toEqual({ boundsMs: [1], counts: [0, 0], sumMs: 0 });
});
