import { setTimeout as sleep } from "node:timers/promises";
import { embedded } from "restate-connect/engine";
import { createIngress, service } from "restate-connect/ingress";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { note } from "./journal.ts";

/*
 * The server that is killed: server.ts DATA JOURNAL. Its Add notes when it begins and ends, takes a few
 * milliseconds, fails now and then, and answers twice the number it was given.
 */
const [data = "", journal = ""] = process.argv.slice(2);

const counter = service(Counter, {
  add: async ({ counter: key, value }, { invocationId }) => {
    const step = { id: invocationId, key, number: Number(value) };
    note(journal, { kind: "begin", ...step });
    await sleep(Math.random() * 4);
    if (Math.random() < 0.05) {
      note(journal, { kind: "end", ...step, number: -1 });
      throw new Error("now and then");
    }
    note(journal, { kind: "end", ...step });
    return { value: value * 2n };
  },
  get: () => ({ value: 0n }),
  reset: () => undefined,
});

const ingress = createIngress({
  services: [counter],
  engine: embedded({ path: data, retry: { initialIntervalMs: 5 }, log: () => undefined }),
});
note(journal, { kind: "server" });
const { url } = await ingress.listen({ port: 0, adminPort: 0 });
process.stdout.write(`${url}\n`);
