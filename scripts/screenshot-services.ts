import { setTimeout as sleep } from "node:timers/promises";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "restate-connect";
import { service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { Counter } from "../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../generated/org/example/counter_restate.ts";
import { Greeter } from "../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../generated/org/example/greeter_restate.ts";
import { Orders, Till } from "../generated/org/example/orders_pb.ts";
import { createOrdersClient, createTillClient } from "../generated/org/example/orders_restate.ts";

/** How long calls and sends go on before the pictures are taken, s: the charts need some history. */
const historySeconds = 60;

/** Services that show something: some orders fail at first, some for good, some wait. */
export const screenshotServices = [
  service(Greeter, {
    greet: async ({ name }, ctx) => {
      if (name === "nobody") {
        throw new ConnectError("nobody is not a name", Code.InvalidArgument);
      }
      if (name === "visitor") {
        await ctx.awakeable(StringValueSchema).promise;
      }
      return { greeting: `Hello ${name}` };
    },
  }),
  service(Counter, {
    add: async ({ value }) => {
      await sleep(40);
      return { value };
    },
    get: () => ({ value: 0n }),
    reset: () => {},
  }),
  service(Orders, {
    place: async (order, ctx) => {
      if (order.number === 4711n && ctx.attempt < 4) {
        throw new Error(`the payment provider answered 50${ctx.attempt === 1 ? 2 : 3}`);
      }
      if (order.number === 13n) {
        throw new ConnectError("the card was declined", Code.FailedPrecondition);
      }
      const total = order.lines.reduce((sum, line) => sum + BigInt(line.quantity) * line.unitPrice, 0n);
      await ctx.client(createTillClient).deposit({ amount: total });
      await ctx.client(createGreeterClient).send.greet({ name: "Pete" });
      return { number: order.number, total, order };
    },
    find: ({ number }) => ({ number }),
    lookup: ({ number }) => ({ number }),
    clear: () => {},
    count: () => ({ value: 0n }),
  }),
  service(Till, { deposit: ({ amount }) => ({ balance: amount }) }),
];

/** Makes calls and sends for a minute. */
export async function playHistory(url: string): Promise<{ readonly failedOrder: string }> {
  const transport = createTransport({ baseUrl: url });
  const greeter = createGreeterClient(transport);
  const counter = createCounterClient(transport);
  const orders = createOrdersClient(transport);
  const order = (number: bigint) => ({
    number,
    lines: [{ article: "espresso", quantity: 2, unitPrice: 250n }],
    placedAt: { seconds: 1_795_685_400n, nanos: 0 },
  });
  for (let second = 0; second < historySeconds; second++) {
    const calls = Math.round(30 + 14 * Math.sin(second / 5));
    for (let i = 0; i < calls; i++) {
      greeter.greet({ name: i % 20 === 3 ? "nobody" : "Pete" }).catch(() => undefined);
    }
    if (second % 3 === 0) {
      await orders.send.place(order(BigInt(1_000 + second)));
      await counter.key(`shop-${second % 4}`).send.add({ value: 1n });
    }
    await sleep(1_000);
  }
  await greeter.send.greet({ name: "Pete" }, { delay: 3_600_000 });
  await greeter.send.greet({ name: "visitor" });
  await orders.send.place(order(13n));
  for (let i = 0; i < 40; i++) {
    await counter.key("shop-1").send.add({ value: 1n });
  }
  const { id } = await orders.send.place(order(4_711n));
  await sleep(2_500);
  return { failedOrder: id };
}
