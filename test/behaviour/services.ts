import { Code, ConnectError } from "restate-connect";
import { type Service, service } from "restate-connect/ingress";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Orders, Till } from "../../generated/org/example/orders_pb.ts";
import { accounts } from "./accounts.ts";
import { greeter } from "./greeter.ts";
import type { Notes } from "./notes.ts";

/** Services that behave as their requests say, the same on every engine. */
export function behaviourServices(notes: Notes): Service[] {
  const counters = new Map<string, bigint>();
  const add = async (counter: string, value: bigint) => {
    const before = counters.get(counter) ?? 0n;
    await new Promise((resolve) => setTimeout(resolve, 2));
    counters.set(counter, before + value);
    return before + value;
  };

  return [
    greeter(notes),
    ...accounts(notes),
    service(Counter, {
      add: async ({ counter, value }) => ({ value: await add(counter, value) }),
      get: ({ counter }, ctx) => {
        if (ctx.key !== counter) {
          throw new ConnectError(`key is ${ctx.key}`, Code.Internal);
        }
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
}
