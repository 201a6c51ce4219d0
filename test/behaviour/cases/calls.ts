import { Code, invocation, restateError } from "restate-connect";
import { expect } from "vitest";
import { Greeter, GreetRequestSchema } from "../../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../../generated/org/example/greeter_restate.ts";
import { createOrdersClient } from "../../../generated/org/example/orders_restate.ts";
import { failure } from "../../support/failure.ts";
import { until } from "../../support/until.ts";
import { type Case, sleeps } from "../case.ts";

const noHeaders = "Restate keeps an outcome's bytes and has no place for headers";

const retriesCalls = "Restate retries a call too, until it succeeds or nobody waits any more";

const goesOn = "an invocation that Restate has accepted continues without its caller";

export const calls: readonly Case[] = [
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
    name: "an error says whose it is, in Restate's terms too",
    async run({ transport, unique }) {
      const greeter = createGreeterClient(transport);
      const terms = {
        source: "invocation",
        code: 404,
        message: "no such thing",
        metadata: { "x-why": "because" },
        invocationId: expect.stringMatching(/^inv_/),
      };
      expect(restateError(await failure(greeter.greet({ name: "fail" })))).toEqual(terms);
      const sent = await greeter.send.greet({ name: "fail" });
      const ofSent = { ...terms, invocationId: sent.id };
      expect(restateError(await failure(sent.attach()))).toEqual(ofSent);
      expect(restateError(await failure(sent.output()))).toEqual(ofSent);

      const unknown = invocation(transport, { method: Greeter.method.greet, idempotencyKey: unique });
      const refused = { source: "ingress", code: 404, metadata: {} };
      for (const ask of [unknown.attach, unknown.output, unknown.get]) {
        expect(restateError(await failure(ask()))).toMatchObject(refused);
      }
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
    name: "the handler sees the caller's trace",
    async run({ transport }) {
      const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      const { greeting } = await createGreeterClient(transport).greet(
        { name: "headers" },
        { headers: { traceparent } },
      );
      expect(JSON.parse(greeting)).toEqual(expect.arrayContaining([["traceparent", traceparent]]));
    },
  },
  {
    name: "a message that is too large is refused, and the next one taken",
    async run({ transport }) {
      const greeter = createGreeterClient(transport);
      const name = "x".repeat(33 << 20);
      expect((await failure(greeter.greet({ name }))).code).toBe(Code.ResourceExhausted);
      expect(await greeter.greet({ name: "Ada" })).toMatchObject({ greeting: "Hello Ada" });
    },
  },
  {
    name: "a call whose handler breaks has failed",
    notOn: { restate: retriesCalls, direct: retriesCalls },
    async run({ transport, unique }) {
      const { code } = await failure(createGreeterClient(transport).greet({ name: `flaky ${unique}` }));
      expect(code).toBe(Code.Internal);
    },
  },
  {
    name: "a call's handler hears that its caller has gone",
    notOn: { restate: goesOn, direct: goesOn },
    async run({ transport, unique, notes }) {
      const controller = new AbortController();
      const name = `signal ${unique}`;
      const call = createGreeterClient(transport).greet({ name }, { signal: controller.signal });
      const failed = failure(call);
      await until(async () => notes.calls.has(name));
      controller.abort();
      expect((await failed).code).toBe(Code.Canceled);
      await until(async () => notes.calls.has(`aborted ${unique}`));
    },
  },
  {
    name: "an unknown method is not found",
    async run({ transport }) {
      const method = { ...Greeter.method.greet, name: "Nothing" };
      const call = transport.unary(method, undefined, undefined, undefined, {});
      expect((await failure(call)).code).toBe(Code.NotFound);
    },
  },
];
