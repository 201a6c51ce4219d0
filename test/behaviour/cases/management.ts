import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code, invocation } from "restate-connect";
import { expect } from "vitest";
import { createCounterClient } from "../../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { createOrdersClient } from "../../../generated/org/example/orders_restate.ts";
import { createAdminClient } from "../../../generated/restateconnect/v1/admin_restate.ts";
import { InvocationState } from "../../../generated/restateconnect/v1/invocations_pb.ts";
import { failure } from "../../support/failure.ts";
import { until } from "../../support/until.ts";
import { type Case, sleeps } from "../case.ts";

const forgets = "Restate forgets a cancelled invocation that had not started: it is not found";

const cancelsWaits = "a handler's next wait on Restate is canceled; its signal aborts with the attempt";

const noAdmin = "a test environment has no admin port";

export const management: readonly Case[] = [
  {
    name: "a cancelled handler that waits ends with canceled",
    notOn: { environment: noAdmin },
    async run({ transport, admin, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      await notes.awakeable(`await ${unique}`);
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      expect((await failure(sent.attach())).code).toBe(Code.Canceled);
    },
  },
  {
    name: "a cancelled handler's signal aborts",
    notOn: { environment: noAdmin, restate: cancelsWaits, direct: cancelsWaits },
    async run({ transport, admin, unique, notes }) {
      const name = `signal ${unique}`;
      const sent = await createGreeterClient(transport).send.greet({ name });
      await until(async () => notes.calls.has(name));
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      await until(async () => notes.calls.has(`aborted ${unique}`));
    },
  },
  {
    name: "the holder of a handle cancels, by id or by idempotency key",
    async run({ transport, unique, notes }) {
      const { send } = createGreeterClient(transport);
      const sent = await send.greet({ name: `await ${unique}` });
      await notes.awakeable(`await ${unique}`);
      await sent.cancel();
      expect((await failure(sent.attach())).code).toBe(Code.Canceled);
      await sent.cancel();

      const idempotencyKey = `cancel ${unique}`;
      await send.greet({ name: `await ${unique} 2` }, { idempotencyKey });
      await notes.awakeable(`await ${unique} 2`);
      const same = invocation(transport, { method: Greeter.method.greet, idempotencyKey });
      await same.cancel();
      expect((await failure(same.attach())).code).toBe(Code.Canceled);
    },
  },
  {
    name: "a cancelled delayed send never runs, and ends with canceled",
    notOn: { environment: noAdmin, restate: forgets, direct: forgets },
    async run({ transport, admin, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique }, { delay: 60_000 });
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      expect((await failure(sent.attach())).code).toBe(Code.Canceled);
    },
  },
  {
    name: "a cancelled delayed send never runs",
    notOn: { environment: noAdmin },
    async run({ transport, admin, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique }, { delay: 300 });
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(notes.calls.get(unique)).toBeUndefined();
    },
  },
  {
    name: "a killed invocation ends at once with aborted",
    notOn: { environment: noAdmin },
    async run({ transport, admin, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: sleeps(unique) });
      await until(async () => notes.calls.has(sleeps(unique)));
      await createAdminClient(admin).killInvocation({ id: sent.id });
      expect(await failure(sent.attach())).toMatchObject({ code: Code.Aborted, rawMessage: "killed" });
    },
  },
  {
    name: "an ended invocation can be purged, another not",
    notOn: { environment: noAdmin },
    async run({ transport, admin, unique }) {
      const greeter = createGreeterClient(transport);
      const later = await greeter.send.greet({ name: unique }, { delay: 60_000 });
      const purge = (id: string) => createAdminClient(admin).purgeInvocation({ id });
      expect((await failure(purge(later.id))).code).toBe(Code.FailedPrecondition);
      const sent = await greeter.send.greet({ name: unique });
      await sent.attach();
      await purge(sent.id);
      expect((await failure(sent.get())).code).toBe(Code.NotFound);
    },
  },
  {
    name: "to end what has ended changes nothing",
    notOn: { environment: noAdmin },
    async run({ transport, admin, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique });
      await sent.attach();
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      await createAdminClient(admin).killInvocation({ id: sent.id });
      expect(await sent.attach()).toMatchObject({ greeting: `Hello ${unique}` });
    },
  },
  {
    name: "invocations are listed by key and state, a page at a time",
    notOn: { environment: noAdmin },
    async run({ transport, admin, unique }) {
      const object = createCounterClient(transport).key(`list ' ${unique}`);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        const sent = await object.send.add({ value: 1n });
        await sent.attach();
        ids.push(sent.id);
      }
      const listed: string[] = [];
      const times: number[] = [];
      let pageToken = "";
      do {
        const page = await createAdminClient(admin).listInvocations({
          service: "org.example.Counter",
          method: "Add",
          key: `list ' ${unique}`,
          states: [InvocationState.SUCCEEDED],
          pageSize: 2,
          pageToken,
        });
        expect(page.invocations.length).toBeLessThanOrEqual(2);
        listed.push(...page.invocations.map(({ id }) => id));
        times.push(...page.invocations.map(({ createdAt }) => (createdAt ? timestampMs(createdAt) : 0)));
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      expect(listed.toSorted()).toEqual(ids.toSorted());
      expect(times).toEqual(times.toSorted((a, b) => b - a)); // the newest first
    },
  },
  {
    name: "invocations are counted by service and state",
    notOn: { environment: noAdmin },
    async run({ transport, admin }) {
      const count = async () => {
        const { counts } = await createAdminClient(admin).countInvocations({});
        return counts.find(
          (c) => c.service === "org.example.Orders" && c.state === InvocationState.SUCCEEDED,
        );
      };
      const before = (await count())?.count ?? 0n;
      await (await createOrdersClient(transport).send.clear()).attach();
      expect((await count())?.count).toBe(before + 1n);
    },
  },
];
