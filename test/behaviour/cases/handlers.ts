import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { awakeables, Code } from "restate-connect";
import { expect } from "vitest";
import { createSignupClient } from "../../../generated/org/example/accounts_restate.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { failure } from "../../support/failure.ts";
import type { Case } from "../case.ts";

const cannotLook =
  "Restate's SDK lets a handler attach to an invocation by its id, and has nothing to look at it";
const idOnly = "Restate's SDK lets a handler attach by an invocation's id, not by a workflow's";

/** What a handler does by its context. */
export const nested: readonly Case[] = [
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
    name: "a handler's calls and sends carry the headers that it gives, also when they are durable",
    async run({ transport }) {
      const greeter = createGreeterClient(transport);
      const called = await greeter.greet({ name: "nestedHeaders" });
      const sent = await (await greeter.send.greet({ name: "nestedHeaders" })).attach();
      expect([called.greeting, sent.greeting]).toEqual(Array(2).fill('["a, b","a, b"]'));
    },
  },
  {
    name: "a handler makes calls in parallel",
    async run({ transport, unique, notes }) {
      const name = `parallel ${unique}`;
      expect(await createGreeterClient(transport).greet({ name })).toMatchObject({
        greeting: "Hello a,Hello b,Hello c",
      });
      expect(notes.calls.get(name)).toBe(1);
    },
  },
  {
    name: "a handler waits for two awakeables, in any order",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `both ${unique}` });
      for (const value of ["second", "first"]) {
        const id = await notes.awakeable(`${value} ${unique}`);
        await awakeables(transport).resolve(id, StringValueSchema, { value });
      }
      expect(await sent.attach()).toMatchObject({ greeting: "first,second" });
      expect(notes.calls.get(`both ${unique}`)).toBe(1);
    },
  },
  {
    name: "a handler races an awakeable",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `race ${unique}` });
      await notes.awakeable(`await ${unique}`); // the call that must lose against the awakeable has begun
      const id = await notes.awakeable(`race ${unique}`);
      await awakeables(transport).resolve(id, StringValueSchema, { value: "won" });
      expect(await sent.attach()).toMatchObject({ greeting: "Hello a,won" });
      expect(notes.calls.get(`race ${unique}`)).toBe(1);
    },
  },
  {
    name: "a handler completes an awakeable",
    async run({ transport, unique, notes }) {
      const greeter = createGreeterClient(transport);
      const sent = await greeter.send.greet({ name: `await ${unique}` });
      const id = await notes.awakeable(`await ${unique}`);
      await greeter.greet({ name: `complete ${id} a value` });
      expect(await sent.attach()).toMatchObject({ greeting: "got a value" });
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
    name: "a handler submits a workflow, and attaches to it",
    async run({ transport, unique }) {
      expect(await createGreeterClient(transport).greet({ name: `signup ${unique}` })).toMatchObject({
        greeting: `${unique} 1 5`,
      });
    },
  },
  {
    name: "a handler attaches to a workflow by its id",
    notOn: { restate: idOnly, direct: idOnly },
    async run({ transport, unique }) {
      const workflow = createSignupClient(transport).workflow(unique);
      await workflow.submit({ email: "a@b" });
      await workflow.confirm({ code: "1" });
      expect(await createGreeterClient(transport).greet({ name: `attach ${unique}` })).toMatchObject({
        greeting: `${unique} 1`,
      });
    },
  },
  {
    name: "a handler looks at what it sent",
    notOn: { restate: cannotLook, direct: cannotLook },
    async run({ transport }) {
      expect(await createGreeterClient(transport).greet({ name: "look" })).toMatchObject({
        greeting: "succeeded",
      });
    },
  },
  {
    name: "an error that a handler passes on is its own",
    async run({ transport, unique }) {
      const error = await failure(createGreeterClient(transport).greet({ name: `passOn ${unique}` }));
      expect(error.code).toBe(Code.Aborted);
      expect(error.metadata.get("x-restate-id")).toBe(error.rawMessage);
      expect(error.metadata.get("x-why")).toBe("because");
      expect([...error.metadata.values()].filter((value) => value.includes("another"))).toEqual([]);
    },
  },
];
