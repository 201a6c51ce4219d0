import { expect, it } from "vitest";
import { scopedKey, scopedReference } from "../../src/engine/restate/scoped-key.ts";

it("makes one key of each scope and key, and leaves a key without a scope alone", () => {
  expect(scopedKey({ key: "order-7" })).toBe("order-7");
  const keys = [
    scopedKey({ key: "order-7", scope: "alice" }),
    scopedKey({ key: "order-7", scope: "bob" }),
    scopedKey({ key: "order-7", scope: "" }),
  ];
  // A caller without a scope who sends what a caller with a scope gets.
  const forged = keys.map((key) => scopedKey({ key }));
  expect(new Set([...keys, ...forged]).size).toBe(6);
});

it("names an invocation by the key of its scope, and a workflow as it is", () => {
  const target = { service: "s", method: "m", key: undefined, idempotencyKey: "k" };
  expect(scopedReference({ ...target, scope: "alice" })).toMatchObject({
    idempotencyKey: scopedKey({ key: "k", scope: "alice" }),
  });
  expect(scopedReference({ service: "s", id: "w" })).toEqual({ service: "s", id: "w" });
});
