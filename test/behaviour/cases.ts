import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { awakeables, Code, ConnectError, invocation } from "restate-connect";
import { expect } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Till } from "../../generated/org/example/orders_pb.ts";
import { createOrdersClient, createTillClient } from "../../generated/org/example/orders_restate.ts";
import { createAdminClient } from "../../generated/restateconnect/v1/admin_restate.ts";
import { InvocationState } from "../../generated/restateconnect/v1/invocations_pb.ts";
import type { EngineName } from "./engines.ts";
import type { Notes } from "./services.ts";

/** What a case works with. */
export interface Bench {
  /** To the ingress, or the server, in the protocol of the run. */
  readonly transport: Transport;
  /** To the admin port. */
  readonly admin: Transport;
  /** The ingress. */
  readonly url: string;
  readonly notes: Notes;
  /** A name that no other case and run uses. */
  readonly unique: string;
}

/** An ingress on an engine, or a client that talks to a Restate server without one. */
export type Way = EngineName | "direct";

/** One thing that holds every way, but for those that say why not. */
export interface Case {
  readonly name: string;
  run(bench: Bench): Promise<void>;
  /** Where the case cannot hold, and why. */
  readonly notOn?: Partial<Record<Way, string>>;
}

/** Waits until something holds; the suite's own time limit ends the wait. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function failure(promise: Promise<unknown>): Promise<ConnectError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (reason: unknown) => ConnectError.from(reason),
  );
  return outcome instanceof ConnectError ? outcome : expect.unreachable("it succeeded");
}

const noHeaders = "Restate keeps an outcome's bytes and has no place for headers";
const keysOnly = "Restate compares keys and not requests: the first outcome answers";
const forgets = "Restate forgets a cancelled invocation that had not started: it is not found";
const tellsLittle = "Restate's ingress tells of an invocation whether it ended, and how, and no more";

const sleeps = (unique: string) => `sleep 600000 ${unique}`;

const calls: readonly Case[] = [
  {
    name: "a call answers, and names its invocation",
    async run({ transport }) {
      let id: string | null = null;
      const onHeader = (header: Headers) => {
        id = header.get("x-restate-id");
      };
      expect(await createGreeterClient(transport).greet({ name: "Ada" }, { onHeader })).toMatchObject({
        greeting: "Hello Ada",
      });
      expect(id).toMatch(/^inv_1\w+$/);
    },
  },
  {
    name: "an error keeps its code, message, metadata and details",
    async run({ transport }) {
      const error = await failure(createGreeterClient(transport).greet({ name: "fail" }));
      expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "no such thing" });
      expect(error.metadata.get("x-why")).toBe("because");
      expect(error.findDetails(GreetRequestSchema)).toMatchObject([{ name: "detail" }]);
    },
  },
  {
    name: "every code arrives as it was thrown",
    async run({ transport }) {
      for (let code = 1; code <= 16; code++) {
        expect((await failure(createGreeterClient(transport).greet({ name: `code ${code}` }))).code).toBe(
          code,
        );
      }
    },
  },
  {
    name: "a deadline ends the wait",
    async run({ transport, unique }) {
      const call = createGreeterClient(transport).greet({ name: sleeps(unique) }, { timeoutMs: 100 });
      expect((await failure(call)).code).toBe(Code.DeadlineExceeded);
    },
  },
  {
    name: "the handler sees the caller's headers",
    async run({ transport }) {
      const { greeting } = await createGreeterClient(transport).greet(
        { name: "headers" },
        { headers: { "x-mine": "a, b", authorization: "Bearer c" } },
      );
      expect(JSON.parse(greeting)).toEqual(
        expect.arrayContaining([
          ["x-mine", "a, b"],
          ["authorization", "Bearer c"],
        ]),
      );
    },
  },
  {
    name: "the caller sees the handler's headers and trailers",
    notOn: { restate: noHeaders, direct: noHeaders },
    async run({ transport }) {
      let header = new Headers();
      let trailer = new Headers();
      await createGreeterClient(transport).greet(
        { name: "respond" },
        {
          onHeader: (h) => {
            header = h;
          },
          onTrailer: (t) => {
            trailer = t;
          },
        },
      );
      expect([header.get("x-mine"), trailer.get("x-mine-too")]).toEqual(["header", "trailer"]);
    },
  },
  {
    name: "an empty message comes and goes",
    async run({ transport }) {
      const orders = createOrdersClient(transport);
      expect(await orders.clear()).toBeUndefined();
      expect(await orders.count()).toMatchObject({ value: 3n });
    },
  },
  {
    name: "64 bits are kept",
    async run({ transport }) {
      const number = 2n ** 63n - 1n;
      expect(await createOrdersClient(transport).place({ number, checksum: 2n ** 64n - 1n })).toMatchObject({
        order: { number, checksum: 2n ** 64n - 1n },
      });
    },
  },
  {
    name: "a handler calls another service",
    async run({ transport }) {
      expect(await createGreeterClient(transport).greet({ name: "nested Bob" })).toMatchObject({
        greeting: "Hello Bob",
      });
      expect(await failure(createGreeterClient(transport).greet({ name: "nested fail" }))).toMatchObject({
        code: Code.NotFound,
      });
    },
  },
  {
    name: "an unknown method is not found",
    async run({ url }) {
      const response = await fetch(`${url}/org.example.Greeter/Nothing`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
      expect(await response.json()).toMatchObject({ code: "not_found" });
    },
  },
];

const keys: readonly Case[] = [
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
    async run({ url }) {
      const response = await fetch(`${url}/org.example.Counter/Add`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"value":"1"}',
      });
      expect(await response.json()).toMatchObject({ code: "invalid_argument" });
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

const sends: readonly Case[] = [
  {
    name: "a send can be attached to, and looked at",
    notOn: { direct: tellsLittle },
    async run({ transport, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique });
      expect(await sent.attach()).toMatchObject({ greeting: `Hello ${unique}` });
      const info = await sent.get();
      expect(info).toMatchObject({
        id: sent.id,
        service: "org.example.Greeter",
        method: "Greet",
        state: InvocationState.SUCCEEDED,
      });
      expect(info.completedAt).toBeDefined();
      expect(info.expiresAt).toBeDefined();
    },
  },
  {
    name: "an outcome can be fetched again by its id alone",
    async run({ transport }) {
      const { id } = await createGreeterClient(transport).send.greet({ name: "kept" });
      const handle = invocation(transport, id, GreetResponseSchema);
      expect(await handle.attach()).toEqual(await handle.attach());
    },
  },
  {
    name: "a failed send keeps its error",
    async run({ transport }) {
      const sent = await createGreeterClient(transport).send.greet({ name: "fail" });
      const error = await failure(sent.attach());
      expect(error).toMatchObject({ code: Code.NotFound, rawMessage: "no such thing" });
      expect(error.findDetails(GreetRequestSchema)).toMatchObject([{ name: "detail" }]);
      expect(await sent.get()).toMatchObject({
        state: InvocationState.FAILED,
        lastFailure: { code: "not_found", message: "no such thing" },
      });
    },
  },
  {
    name: "an output is there once the invocation has ended, and not before",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      const id = await notes.awakeable(`await ${unique}`);
      expect(await sent.output()).toBeUndefined();
      await awakeables(transport).resolve(id, StringValueSchema, { value: "it" });
      const response = await sent.attach();
      expect(response).toMatchObject({ greeting: "got it" });
      expect(await sent.output()).toEqual(response);

      const reset = await createCounterClient(transport).send.reset({ counter: unique });
      expect(await reset.attach()).toBeUndefined();
      expect(await reset.output()).toMatchObject({ $typeName: "google.protobuf.Empty" });

      const failed = await createGreeterClient(transport).send.greet({ name: "fail" });
      await failure(failed.attach());
      expect(await failure(failed.output())).toMatchObject({
        code: Code.NotFound,
        rawMessage: "no such thing",
      });
    },
  },
  {
    name: "a send is retried until it succeeds",
    async run({ transport, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `flaky ${unique}` });
      expect(await sent.attach()).toMatchObject({ greeting: "call 3" });
    },
  },
  {
    name: "a retried handler repeats neither its calls nor its sends",
    async run({ transport, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `chain ${unique}` });
      expect(await sent.attach()).toMatchObject({ greeting: "1 11" });
    },
  },
  {
    name: "a delayed send is scheduled, and runs later",
    notOn: { direct: tellsLittle },
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique }, { delay: 500 });
      const info = await sent.get();
      expect(info.state).toBe(InvocationState.SCHEDULED);
      expect(info.nextAttemptAt).toBeDefined();
      expect(notes.calls.get(unique)).toBeUndefined();
      expect(await sent.attach()).toMatchObject({ greeting: `Hello ${unique}` });
    },
  },
  {
    name: "an unknown service is refused at once",
    async run({ url }) {
      const response = await fetch(`${url}/dev.restate.Ingress/Invoke`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"service":"org.example.Nothing","method":"Greet"}',
      });
      expect(await response.json()).toMatchObject({ code: "not_found" });
    },
  },
  {
    name: "a JSON argument is taken",
    async run({ url, transport }) {
      const response = await fetch(`${url}/dev.restate.Ingress/Invoke`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: '{"service":"org.example.Greeter","method":"Greet","payload":{"name":"Json"}}',
      });
      const { id } = (await response.json()) as { id: string };
      expect(await invocation(transport, id, GreetResponseSchema).attach()).toMatchObject({
        greeting: "Hello Json",
      });
    },
  },
  {
    name: "a malformed id is refused, an unknown one not found",
    async run({ transport }) {
      const handle = (id: string) => invocation(transport, id, GreetResponseSchema);
      expect((await failure(handle("inv_nonsense").attach())).code).toBe(Code.InvalidArgument);
      expect((await failure(handle("inv_nonsense").output())).code).toBe(Code.InvalidArgument);
      expect((await failure(handle("inv_nonsense").get())).code).toBe(Code.InvalidArgument);
      expect((await failure(handle("inv_nonsense").cancel())).code).toBe(Code.InvalidArgument);
      const { id } = await createGreeterClient(transport).send.greet({ name: "" }, { delay: 60_000 });
      const unknown = `${id.slice(0, -4)}0000`;
      expect((await failure(handle(unknown).attach())).code).toBe(Code.NotFound);
      expect((await failure(handle(unknown).output())).code).toBe(Code.NotFound);
      expect((await failure(handle(unknown).get())).code).toBe(Code.NotFound);
      expect((await failure(handle(unknown).cancel())).code).toBe(Code.NotFound);
    },
  },
];

const idempotency: readonly Case[] = [
  {
    name: "a call with an idempotency key runs once, whatever its outcome",
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

const awaits: readonly Case[] = [
  {
    name: "an awakeable is completed by its id, the first completion wins",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      const id = await notes.awakeable(`await ${unique}`);
      await awakeables(transport).resolve(id, StringValueSchema, { value: "one" });
      await awakeables(transport).resolve(id, StringValueSchema, { value: "two" });
      expect(await sent.attach()).toMatchObject({ greeting: "got one" });
    },
  },
  {
    name: "an awakeable takes JSON",
    async run({ transport, url, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      const id = await notes.awakeable(`await ${unique}`);
      const response = await fetch(`${url}/dev.restate.Awakeables/Resolve`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id, jsonResult: "json" }),
      });
      expect(response.status).toBe(200);
      expect(await sent.attach()).toMatchObject({ greeting: "got json" });
    },
  },
  {
    name: "a rejected awakeable fails its handler, with the reason",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      await awakeables(transport).reject(await notes.awakeable(`await ${unique}`), "changed my mind");
      expect((await failure(sent.attach())).rawMessage).toContain("changed my mind");
    },
  },
  {
    name: "a malformed awakeable id is refused",
    async run({ transport }) {
      const { code } = await failure(awakeables(transport).reject("nonsense", ""));
      expect(code).toBe(Code.InvalidArgument);
    },
  },
];

const management: readonly Case[] = [
  {
    name: "a cancelled handler that waits ends with canceled",
    async run({ transport, admin, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `await ${unique}` });
      await notes.awakeable(`await ${unique}`);
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      expect((await failure(sent.attach())).code).toBe(Code.Canceled);
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
    name: "a handler cancels",
    async run({ transport, unique, notes }) {
      const greeter = createGreeterClient(transport);
      const sent = await greeter.send.greet({ name: `await ${unique}` });
      await notes.awakeable(`await ${unique}`);
      expect(await greeter.greet({ name: `cancel ${sent.id}` })).toMatchObject({ greeting: "cancelled" });
      expect((await failure(sent.attach())).code).toBe(Code.Canceled);
    },
  },
  {
    name: "a cancelled delayed send never runs, and ends with canceled",
    notOn: { restate: forgets, direct: forgets },
    async run({ transport, admin, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique }, { delay: 60_000 });
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      expect((await failure(sent.attach())).code).toBe(Code.Canceled);
    },
  },
  {
    name: "a cancelled delayed send never runs",
    async run({ transport, admin, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique }, { delay: 300 });
      await createAdminClient(admin).cancelInvocation({ id: sent.id });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(notes.calls.get(unique)).toBeUndefined();
    },
  },
  {
    name: "a killed invocation ends at once with aborted",
    async run({ transport, admin, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: sleeps(unique) });
      await eventually(async () => notes.calls.has(sleeps(unique)));
      await createAdminClient(admin).killInvocation({ id: sent.id });
      expect(await failure(sent.attach())).toMatchObject({ code: Code.Aborted, rawMessage: "killed" });
    },
  },
  {
    name: "an ended invocation can be purged, another not",
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
    async run({ transport, admin, unique }) {
      const object = createCounterClient(transport).key(`list ' ${unique}`);
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) {
        const sent = await object.send.add({ value: 1n });
        await sent.attach();
        ids.unshift(sent.id);
      }
      const listed: string[] = [];
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
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      expect(listed).toEqual(ids);
    },
  },
  {
    name: "invocations are counted by service and state",
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

/** All that an ingress promises whatever engine is behind it. */
export const cases: readonly Case[] = [...calls, ...keys, ...sends, ...idempotency, ...awaits, ...management];
