import { once } from "node:events";
import { Code, ConnectError } from "@connectrpc/connect";
import { service } from "restate-connect/ingress";
import { AddRequestSchema, Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { Orders } from "../../generated/org/example/orders_pb.ts";

const counters = new Map<string, bigint>();

/** The names of those whose greeting was given up. */
export const abandoned: string[] = [];

/** What the page calls. The names tell the greeter what to do. */
export const services = [
  service(Greeter, {
    async greet({ name }, { requestHeaders, signal }) {
      if (name === "nobody") {
        const detail = { desc: AddRequestSchema, value: { counter: "größe", value: 2n ** 62n } };
        throw new ConnectError("who is it? – nobody", Code.InvalidArgument, { "x-hint": "knock" }, [detail]);
      }
      if (name.startsWith("late")) {
        await once(signal, "abort");
        abandoned.push(name);
      }
      return { greeting: `Hello ${requestHeaders.get("x-title") ?? ""}${name}` };
    },
  }),
  service(Counter, {
    add({ counter, value }) {
      const sum = (counters.get(counter) ?? 0n) + value;
      counters.set(counter, sum);
      return { value: sum };
    },
    get: ({ counter }) => ({ value: counters.get(counter) ?? 0n }),
    reset: ({ counter }) => void counters.delete(counter),
  }),
  service(Orders, {
    place: (order) => ({ number: order.number, order }),
    find: ({ number }) => ({ number }),
    lookup: ({ number }) => ({ number }),
    clear: () => undefined,
    count: () => ({ value: 0n }),
  }),
];
