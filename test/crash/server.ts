import { setTimeout as sleep } from "node:timers/promises";
import { embedded } from "restate-connect/engine";
import { type Context, createIngress, service } from "restate-connect/ingress";
import { type AddRequest, AddResponseSchema, Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { silentLogger } from "../support/loggers.ts";
import { note } from "./journal.ts";

/*
 * The server that is killed: server.ts DATA JOURNAL. Its Add notes when it begins and ends, takes a few
 * milliseconds, fails now and then, and answers twice the number it was given. The header x-task makes it
 * get that number from elsewhere. Prints its two URLs.
 */
const [data = "", journal = ""] = process.argv.slice(2);

const counter = service(Counter, {
  add: async (request, ctx) => {
    const step = { id: ctx.invocationId, key: request.counter, number: Number(request.value) };
    note(journal, { kind: "begin", ...step });
    try {
      const value = await twice(request, ctx);
      await sleep(Math.random() * 4);
      if (Math.random() < 0.05) {
        throw new Error("now and then");
      }
      note(journal, { kind: "end", ...step });
      return { value };
    } catch (error) {
      note(journal, { kind: "end", ...step, number: -1 });
      throw error;
    }
  },
  get: () => ({ value: 0n }),
  reset: () => undefined,
});

async function twice({ counter: key, value }: AddRequest, ctx: Context): Promise<bigint> {
  const step = { id: ctx.invocationId, key, number: Number(value) };
  switch (ctx.requestHeaders.get("x-task")) {
    case "wait": {
      const { id: awakeable, promise } = ctx.awakeable(AddResponseSchema);
      note(journal, { kind: "awaits", ...step, awakeable });
      return (await promise).value;
    }
    case "nest": {
      const others = ctx.client(createCounterClient);
      const called = await others.add({ counter: `${key}/called`, value });
      const { id } = await others.send.add({ counter: `${key}/sent`, value });
      note(journal, { kind: "child", ...step, id, key: `${key}/sent` });
      return called.value;
    }
    default:
      return value * 2n;
  }
}

/** With one place four handlers may be open: those that wait have to make room now and then. */
const maxRunning = Math.random() < 0.5 ? 1 : 1_000;
const ingress = createIngress({
  services: [counter],
  engine: embedded({ path: data, maxRunning, retry: { initialIntervalMs: 5 }, logger: silentLogger }),
});
note(journal, { kind: "server" });
const { url, adminUrl } = await ingress.listen({ port: 0, adminPort: 0 });
process.stdout.write(`${url} ${adminUrl}\n`);
