import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { awakeables, Code, InvocationState, invocation } from "restate-connect";
import { expect } from "vitest";
import { Ingress } from "../../../generated/dev/restate/services_pb.ts";
import { createCounterClient } from "../../../generated/org/example/counter_restate.ts";
import { GreetRequestSchema, GreetResponseSchema } from "../../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { failure } from "../../support/failure.ts";
import type { Case } from "../case.ts";

const tellsLittle = "Restate's ingress only reports whether an invocation has ended, and its outcome";

const countsNothing = "Restate's SDK does not tell a handler which attempt it is";

export const sends: readonly Case[] = [
  {
    name: "a send can be attached to, and has succeeded",
    async run({ transport, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique });
      expect(await sent.attach()).toMatchObject({ greeting: `Hello ${unique}` });
      expect(await sent.get()).toMatchObject({ id: sent.id, state: InvocationState.SUCCEEDED });
    },
  },
  {
    name: "an invocation has its target and its times",
    notOn: { direct: tellsLittle },
    async run({ transport }) {
      const sent = await createGreeterClient(transport).send.greet({ name: "a" });
      await sent.attach();
      const info = await sent.get();
      expect(info).toMatchObject({ service: "org.example.Greeter", method: "Greet" });
      expect(info.createdAt).toBeDefined();
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
    name: "a handler knows which attempt it is",
    notOn: { restate: countsNothing, direct: countsNothing },
    async run({ transport, unique }) {
      const sent = await createGreeterClient(transport).send.greet({ name: `attempts ${unique}` });
      expect(await sent.attach()).toMatchObject({ greeting: "attempt 2" });
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
    name: "a delayed send runs later",
    async run({ transport, unique, notes }) {
      const sent = await createGreeterClient(transport).send.greet({ name: unique }, { delay: 500 });
      expect((await sent.get()).completedAt).toBeUndefined();
      expect(notes.calls.get(unique)).toBeUndefined();
      expect(await sent.attach()).toMatchObject({ greeting: `Hello ${unique}` });
    },
  },
  {
    name: "a delayed send tells that it is scheduled, and for when",
    notOn: { direct: tellsLittle },
    async run({ transport }) {
      const sent = await createGreeterClient(transport).send.greet({ name: "a" }, { delay: 60_000 });
      const info = await sent.get();
      expect(info.state).toBe(InvocationState.SCHEDULED);
      expect(info.nextAttemptAt).toBeDefined();
    },
  },
  {
    name: "an unknown service is refused at once",
    async run({ transport }) {
      const send = createClient(Ingress, transport).invoke({
        service: "org.example.Nothing",
        method: "Greet",
      });
      expect((await failure(send)).code).toBe(Code.NotFound);
    },
  },
  {
    name: "a JSON argument is taken",
    async run({ transport }) {
      const { id } = await createClient(Ingress, transport).invoke({
        service: "org.example.Greeter",
        method: "Greet",
        argument: { case: "payload", value: { name: "Json" } },
      });
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
