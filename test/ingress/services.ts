import { Code, ConnectError } from "@connectrpc/connect";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { Orders, Till } from "../../generated/org/example/orders_pb.ts";
import { type Service, service } from "../../src/ingress/index.ts";

/** What the `Greeter` of the tests does, by the name that it is given. */
const greetings: Readonly<Record<string, (signal: AbortSignal) => Promise<string>>> = {
  "not found": async () => {
    throw new ConnectError(
      "no such person: 100 % sure, ünd sorry",
      Code.NotFound,
      { "x-reason": "unknown" },
      [{ desc: GreetResponseSchema, value: { greeting: "a detail" } }],
    );
  },
  bug: async () => {
    throw new TypeError("a secret");
  },
  forever: (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
};

/** The example services. `onAbort` hears of handlers whose signal aborted. */
export function exampleServices(onAbort: (reason: unknown) => void = () => {}): Service[] {
  const counters = new Map<string, bigint>();
  return [
    service(Greeter, {
      async greet({ name }, ctx) {
        ctx.signal.addEventListener("abort", () => onAbort(ctx.signal.reason));
        const special = greetings[name];
        ctx.responseHeaders.set("x-echo", ctx.requestHeaders.get("x-echo") ?? "");
        ctx.responseHeaders.set("x-bytes-bin", ctx.requestHeaders.get("x-bytes-bin") ?? "");
        ctx.responseHeaders.set("x-all", [...ctx.requestHeaders.keys()].join(" "));
        ctx.responseTrailers.set("x-end", "bye");
        return { greeting: special === undefined ? `Hello ${name}` : await special(ctx.signal) };
      },
    }),
    service(Counter, {
      async add({ counter, value }) {
        const sum = (counters.get(counter) ?? 0n) + value;
        counters.set(counter, sum);
        return { value: sum };
      },
      get: async ({ counter }) => ({ value: counters.get(counter) ?? 0n }),
      async reset({ counter }) {
        counters.delete(counter);
      },
    }),
    service(Orders, {
      place: async (order) => ({ number: order.number, order }),
      find: async ({ number }) => ({ number }),
      lookup: async ({ number }) => ({ number }),
      clear: async () => {},
      count: async () => ({ value: 3n }),
    }),
    service(Till, { deposit: async ({ amount }) => ({ balance: amount }) }),
  ];
}
