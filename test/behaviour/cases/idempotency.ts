import { Code, invocation } from "restate-connect";
import { expect } from "vitest";
import { Counter } from "../../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { Till } from "../../../generated/org/example/orders_pb.ts";
import { createTillClient } from "../../../generated/org/example/orders_restate.ts";
import { InvocationState } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { failure } from "../../support/failure.ts";
import type { Case } from "../case.ts";

const keysOnly = "Restate compares keys and not requests: the first outcome answers";

const ownRetention = "how long Restate keeps outcomes is a setting of the service";

export const idempotency: readonly Case[] = [
  {
    name: "a call with an idempotency key runs once, even if it fails",
    async run({ transport, unique, notes }) {
      const greeter = createGreeterClient(transport);
      const idempotencyKey = `k ${unique}`;
      const same = () => greeter.greet({ name: `id ${unique}` }, { idempotencyKey });
      const [first, second] = await Promise.all([same(), same()]);
      expect(second).toEqual(first);
      expect(await same()).toEqual(first);
      expect(notes.calls.get(`id ${unique}`)).toBe(1);
    },
  },
  {
    name: "a send with a used key is the first one, and a call with it joins",
    async run({ transport, unique }) {
      const greeter = createGreeterClient(transport);
      const options = { idempotencyKey: `s ${unique}` };
      const first = await greeter.send.greet({ name: unique }, options);
      let status: string | null = null;
      const onHeader = (header: Headers) => {
        status = header.get("x-restate-send-status");
      };
      const second = await greeter.send.greet({ name: unique }, { ...options, onHeader });
      expect([second.id, status]).toEqual([first.id, "previously-accepted"]);
      expect(await greeter.greet({ name: unique }, options)).toMatchObject({ greeting: `Hello ${unique}` });
    },
  },
  {
    name: "a key with another request is refused",
    notOn: { restate: keysOnly, direct: keysOnly },
    async run({ transport, unique }) {
      const greeter = createGreeterClient(transport);
      const options = { idempotencyKey: `o ${unique}` };
      await greeter.greet({ name: unique }, options);
      expect((await failure(greeter.greet({ name: "other" }, options))).code).toBe(Code.AlreadyExists);
    },
  },
  {
    name: "an outcome is kept for as long as the caller asks",
    notOn: { restate: ownRetention, direct: ownRetention },
    async run({ transport, unique }) {
      let expires = Number.NaN;
      await createGreeterClient(transport).greet(
        { name: unique },
        {
          idempotencyKey: unique,
          headers: { "idempotency-retention-period": "100" },
          onHeader: (header) => {
            expires = Date.parse(header.get("idempotency-expires") ?? "");
          },
        },
      );
      expect(expires).toBeLessThanOrEqual(Date.now() + 100_000);
    },
  },
  {
    name: "an invocation is found by its idempotency key",
    async run({ transport, unique }) {
      const idempotencyKey = `a/b c% ${unique}`;
      const greet = invocation(transport, { method: Greeter.method.greet, idempotencyKey });
      expect((await failure(greet.attach())).code).toBe(Code.NotFound);
      expect((await failure(greet.output())).code).toBe(Code.NotFound);
      expect((await failure(greet.get())).code).toBe(Code.NotFound);
      const sent = await createGreeterClient(transport).send.greet({ name: unique }, { idempotencyKey });
      expect(await greet.attach()).toMatchObject({ greeting: `Hello ${unique}` });
      expect(await greet.output()).toMatchObject({ greeting: `Hello ${unique}` });
      expect(await greet.get()).toMatchObject({ id: sent.id, state: InvocationState.SUCCEEDED });

      const key = `é/% ${unique}`;
      const object = createCounterClient(transport).key(key);
      expect(await object.add({ value: 5n }, { idempotencyKey })).toMatchObject({ value: 5n });
      expect(await object.add({ value: 6n })).toMatchObject({ value: 11n });
      const add = invocation(transport, { method: Counter.method.add, key, idempotencyKey });
      expect(await add.attach()).toMatchObject({ value: 5n });

      const { balance } = await createTillClient(transport).deposit({ amount: 0n }, { idempotencyKey });
      const deposit = invocation(transport, { method: Till.method.deposit, idempotencyKey });
      expect(await deposit.output()).toMatchObject({ balance });
    },
  },
  {
    name: "a key is the object's own",
    async run({ transport, unique }) {
      const options = { idempotencyKey: `scoped ${unique}` };
      const counter = createCounterClient(transport);
      const [a, b] = await Promise.all([
        counter.send.add({ counter: `a ${unique}`, value: 1n }, options),
        counter.send.add({ counter: `b ${unique}`, value: 1n }, options),
      ]);
      expect(a.id).not.toBe(b.id);
    },
  },
];
