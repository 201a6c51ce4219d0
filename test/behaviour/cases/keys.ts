import { Code } from "restate-connect";
import { expect } from "vitest";
import { createCounterClient } from "../../../generated/org/example/counter_restate.ts";
import { createTillClient } from "../../../generated/org/example/orders_restate.ts";
import { failure } from "../../support/failure.ts";
import type { Case } from "../case.ts";

export const keys: readonly Case[] = [
  {
    name: "one invocation of an object runs at a time, in the order accepted",
    async run({ transport, unique }) {
      const object = createCounterClient(transport).key(`é/% ${unique}`);
      const sent = await Promise.all(Array.from({ length: 20 }, () => object.send.add({ value: 1n })));
      const values = await Promise.all(sent.map(async (one) => (await one.attach()).value));
      expect(new Set(values).size).toBe(20);
      expect(await object.get()).toMatchObject({ value: 20n });
    },
  },
  {
    name: "objects do not wait for each other",
    async run({ transport, unique }) {
      const names = Array.from({ length: 10 }, (_, n) => `${unique} ${n}`);
      const client = createCounterClient(transport);
      const values = await Promise.all(names.map((counter) => client.add({ counter, value: 1n })));
      expect(values.map(({ value }) => value)).toEqual(names.map(() => 1n));
    },
  },
  {
    name: "a missing key is refused",
    async run({ transport }) {
      const counter = createCounterClient(transport);
      expect((await failure(counter.add({ counter: "", value: 1n }))).code).toBe(Code.InvalidArgument);
      expect((await failure(counter.send.add({ counter: "", value: 1n }))).code).toBe(Code.InvalidArgument);
    },
  },
  {
    name: "a SINGLETON is one object",
    async run({ transport }) {
      const till = createTillClient(transport);
      const before = (await till.deposit({ amount: 0n })).balance;
      await Promise.all(Array.from({ length: 10 }, () => till.deposit({ amount: 1n })));
      expect(await till.deposit({ amount: 0n })).toMatchObject({ balance: before + 10n });
    },
  },
];
