import { expect, test } from "vitest";
import { violations } from "./check.ts";
import { crash } from "./crash.ts";
import type { Entry } from "./journal.ts";
import type { Request } from "./load.ts";

test("a server that is killed again and again keeps its promises", async () => {
  const report = await crash(4);
  expect(report.violations).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(0);
}, 180_000);

const step = (kind: "begin" | "end", key: string, number: number, at: number): Entry => ({
  kind,
  id: `${key}${number}`,
  key,
  number,
  at,
});
const request = (key: string, number: number, ended?: Request["ended"]): Request => ({
  key,
  number,
  kind: "send with key",
  id: `${key}${number}`,
  ...(ended === undefined ? undefined : { ended }),
});
const good = [
  step("begin", "a", 1, 10),
  step("end", "a", 1, 11),
  step("begin", "a", 2, 12),
  step("end", "a", 2, 13),
];

test("the checker finds nothing where all is well", () => {
  expect(violations(good, [request("a", 1, { at: 12, value: 2n }), request("a", 2)])).toEqual([]);
});

test.each([
  [
    "one that ran again between two restarts",
    [...good, { kind: "server", at: 14 }, step("begin", "a", 1, 15), step("end", "a", 1, 16)],
    [request("a", 1, { at: 13, value: 2n })],
    "ran again",
  ],
  ["one that ran early", good, [{ ...request("a", 2), notBefore: 13 }], "ran 1 ms before it was due"],
  [
    "a cancelled one that ran",
    good,
    [{ ...request("a", 2, { at: 20, value: 4n }), kind: "cancelled send" }],
    "answered 4 to 2",
  ],
  [
    "a send of a handler that was sent twice",
    good,
    [request("a", 1), { ...request("a", 1), id: "b" }],
    "was sent as a1 and b",
  ],
  [
    "a called one that never ran",
    good,
    [{ ...request("a", 1), kind: "send that nests" }],
    "a/called/1 never ran",
  ],
  ["a lost one", good, [request("a", 3)], "never ran"],
  ["a wrong outcome", good, [request("a", 1, { at: 12, value: 3n })], "answered 3 to 1"],
  ["two at once", [step("begin", "a", 1, 10), step("begin", "a", 2, 11)], [], "ran at once"],
  ["a wrong order", [step("end", "a", 2, 10), step("end", "a", 1, 11)], [], "ended after 2"],
  [
    "a second run",
    [...good, step("begin", "a", 1, 20)],
    [request("a", 1, { at: 12, value: 2n })],
    "ran again",
  ],
] as const)("the checker finds %s", (_, journal, requests, found) => {
  expect(violations(journal, requests).join()).toContain(found);
});
