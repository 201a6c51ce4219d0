import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, invocation } from "restate-connect";
import { type Context, service } from "restate-connect/ingress";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, GreetRequestSchema, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { Orders, Till } from "../../generated/org/example/orders_pb.ts";

/** What the handlers of a run tell its cases. */
export interface Notes {
  /** How often a handler was called with this name. */
  readonly calls: Map<string, number>;
  /** Resolves with the id of the awakeable that the handler called with this name waits for. */
  awakeable(name: string): Promise<string>;
}

/** Services that behave as the name in the request says, the same on every engine. */
export function behaviourServices() {
  const calls = new Map<string, number>();
  const awakeables = new Map<string, PromiseWithResolvers<string>>();
  const counters = new Map<string, bigint>();
  const awakeable = (name: string) => {
    const known = awakeables.get(name) ?? Promise.withResolvers<string>();
    awakeables.set(name, known);
    return known;
  };

  const greet = async (name: string, ctx: Context): Promise<string> => {
    const call = (calls.get(name) ?? 0) + 1;
    calls.set(name, call);
    const [what, arg = ""] = name.split(" ");
    switch (what) {
      case "headers":
        return JSON.stringify([...ctx.requestHeaders]);
      case "fail":
        throw new ConnectError("no such thing", Code.NotFound, { "x-why": "because" }, [
          { desc: GreetRequestSchema, value: { name: "detail" } },
        ]);
      case "code":
        throw new ConnectError("as asked", Number(arg));
      case "flaky":
        if (call < 3) throw new Error("try again");
        return `call ${call}`;
      case "sleep":
        await new Promise((resolve) => setTimeout(resolve, Number(arg)));
        return "slept";
      case "await": {
        const { id, promise } = ctx.awakeable(StringValueSchema);
        awakeable(name).resolve(id);
        return `got ${(await promise).value}`;
      }
      case "chain": {
        const object = ctx.client(createCounterClient).key(arg);
        const first = await object.add({ value: 1n });
        const sent = await object.send.add({ value: 10n });
        if (call === 1) throw new Error("fails once, after both");
        return `${first.value} ${(await sent.attach()).value}`;
      }
      case "nested":
        return (await ctx.client(createGreeterClient).greet({ name: arg })).greeting;
      case "respond":
        ctx.responseHeaders.set("x-mine", "header");
        ctx.responseTrailers.set("x-mine-too", "trailer");
        return "responded";
      case "cancel":
        await ctx.client((transport) => invocation(transport, arg, GreetResponseSchema)).cancel();
        return "cancelled";
      case "id":
        return ctx.invocationId;
    }
    return `Hello ${name}`;
  };

  const add = async (counter: string, value: bigint) => {
    const before = counters.get(counter) ?? 0n;
    await new Promise((resolve) => setTimeout(resolve, 2));
    counters.set(counter, before + value);
    return before + value;
  };

  const services = [
    service(Greeter, { greet: async ({ name }, ctx) => ({ greeting: await greet(name, ctx) }) }),
    service(Counter, {
      add: async ({ counter, value }) => ({ value: await add(counter, value) }),
      get: ({ counter }, ctx) => {
        if (ctx.key !== counter) throw new ConnectError(`key is ${ctx.key}`, Code.Internal);
        return { value: counters.get(counter) ?? 0n };
      },
      reset: ({ counter }) => {
        counters.delete(counter);
      },
    }),
    service(Orders, {
      place: (order) => ({ number: order.number, total: 1n, order }),
      find: ({ number }) => ({ number }),
      lookup: ({ number }) => ({ number }),
      clear: () => {},
      count: () => ({ value: 3n }),
    }),
    service(Till, {
      deposit: async ({ amount }, ctx) => ({ balance: await add(`till ${ctx.key}`, amount) }),
    }),
  ];
  return { services, notes: { calls, awakeable: (name: string) => awakeable(name).promise } satisfies Notes };
}
