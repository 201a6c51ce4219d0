import { Code, ConnectError } from "@connectrpc/connect";
import { service } from "restate-connect/ingress";
import { Counter } from "../generated/org/example/counter_pb.ts";
import { Greeter } from "../generated/org/example/greeter_pb.ts";
import { type Order, Orders, Till } from "../generated/org/example/orders_pb.ts";

// Handlers of a KEYED service run one at a time for each key: reading and writing needs no lock.
const counters = new Map<string, bigint>();
const orders = new Map<bigint, Order>();
let till = 0n;

export default [
  service(Greeter, {
    greet: ({ name }) => ({ greeting: `Hello ${name}` }),
  }),

  service(Counter, {
    add: ({ counter, value }) => {
      const sum = (counters.get(counter) ?? 0n) + value;
      counters.set(counter, sum);
      return { value: sum };
    },
    get: ({ counter }) => ({ value: counters.get(counter) ?? 0n }),
    reset: ({ counter }) => {
      counters.delete(counter);
    },
  }),

  service(Orders, {
    place: (order) => {
      orders.set(order.number, order);
      const total = order.lines.reduce((sum, line) => sum + BigInt(line.quantity) * line.unitPrice, 0n);
      return { number: order.number, total, order };
    },
    find: ({ number }) => findOrder(number),
    lookup: ({ number }) => findOrder(number),
    clear: () => orders.clear(),
    count: () => ({ value: BigInt(orders.size) }),
  }),

  service(Till, {
    deposit: ({ amount }) => {
      till += amount;
      return { balance: till };
    },
  }),
];

function findOrder(number: bigint): Order {
  const order = orders.get(number);
  if (order === undefined) {
    throw new ConnectError(`no order has number ${number}`, Code.NotFound);
  }
  return order;
}
