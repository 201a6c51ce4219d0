import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import {
  bytes,
  gate,
  keyed,
  startEngine,
  temporaryDirectory,
  textService,
  told,
  unkeyed,
  until,
} from "./support.ts";

const work = unkeyed("Worker", "Work");
const canceled = `${Code.Canceled}: canceled`;
const killed = `${Code.Aborted}: killed`;

/** Works until its signal aborts; "deaf" inputs do not listen. */
function worker(reasons: unknown[]) {
  return textService("Worker", "unkeyed", {
    Work: (input, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reasons.push(signal.reason);
          if (input !== "deaf") {
            reject(new Error("interrupted"));
          }
        });
      }),
  });
}

test("cancel reaches the signal of a running handler; however that ends, the outcome is canceled", async () => {
  const reasons: unknown[] = [];
  const engine = await startEngine([worker(reasons)]);
  const { id } = await engine.send(work, bytes(""));
  await until(async () => (await engine.get(id))?.state === "running");
  await engine.cancel(id, "cancel");
  expect(told(await engine.attach(id))).toBe(canceled);
  expect(reasons).toMatchObject([{ code: Code.Canceled }]);
  await engine.cancel(id, "cancel");
});

test("a running plain call can be cancelled and killed", async () => {
  const reasons: unknown[] = [];
  const ids: string[] = [];
  const service = worker(reasons);
  const engine = await startEngine([
    {
      ...service,
      methods: new Map([
        [
          "Work",
          (attempt) => {
            ids.push(attempt.invocationId);
            return service.methods.get("Work")?.(attempt) ?? Promise.reject(new Error("none"));
          },
        ],
      ]),
    },
  ]);
  const calls = [engine.call(work, bytes("")), engine.call(work, bytes("deaf"))];
  await until(() => ids.length === 2);
  await engine.cancel(ids[0] ?? "", "cancel");
  await engine.cancel(ids[1] ?? "", "kill");
  expect((await Promise.all(calls)).map(({ outcome }) => told(outcome))).toEqual([canceled, killed]);
  expect(reasons).toMatchObject([{ code: Code.Canceled }, { code: Code.Aborted }]);
});

test("kill does not wait for the handler", async () => {
  const engine = await startEngine([worker([])]);
  const { id } = await engine.send(work, bytes("deaf"));
  await until(async () => (await engine.get(id))?.state === "running");
  await engine.cancel(id, "kill");
  expect(told(await engine.attach(id))).toBe(killed);
});

test("kill gives the key to the next one", async () => {
  const order: string[] = [];
  const engine = await startEngine([
    textService("Counter", "keyed", {
      Add: (input) => {
        order.push(input);
        return input === "stuck" ? new Promise<string>(() => undefined) : input;
      },
    }),
  ]);
  const target = keyed("Counter", "Add", "a");
  const stuck = await engine.send(target, bytes("stuck"));
  const next = await engine.send(target, bytes("next"));
  await until(() => order.length === 1);
  await engine.cancel(stuck.id, "kill");
  expect(told(await engine.attach(next.id))).toBe("next");
});

test("a queued, a delayed and a backing-off one end at once and never run again", async () => {
  const door = gate();
  const ran: string[] = [];
  const engine = await startEngine(
    [
      textService("Counter", "keyed", {
        Add: async (input) => {
          ran.push(input);
          if (input === "broken") {
            throw new Error("broken");
          }
          await door.opened;
          return input;
        },
      }),
    ],
    { retry: { initialIntervalMs: 60_000, maxIntervalMs: 60_000 } },
  );
  const at = (key: string) => keyed("Counter", "Add", key);
  const first = await engine.send(at("a"), bytes("first"));
  const queued = await engine.send(at("a"), bytes("queued"));
  const last = await engine.send(at("a"), bytes("last"));
  const delayed = await engine.send(at("a"), bytes("delayed"), { delayMs: 60_000 });
  const broken = await engine.send(at("b"), bytes("broken"));
  const behind = await engine.send(at("b"), bytes("behind"));
  await until(async () => (await engine.get(broken.id))?.state === "backing-off");
  for (const { id } of [queued, delayed, broken]) {
    await engine.cancel(id, "cancel");
    expect(told(await engine.attach(id))).toBe(canceled);
  }
  door.open();
  for (const { id } of [first, last, behind]) {
    expect((await engine.attach(id)).ok).toBe(true);
  }
  expect(ran.toSorted()).toEqual(["behind", "broken", "first", "last"]);
});

test("one that is ready and waits for a place ends at once and never runs", async () => {
  const door = gate();
  const ran: string[] = [];
  const engine = await startEngine(
    [
      textService("Worker", "unkeyed", {
        Work: async (input) => {
          ran.push(input);
          await door.opened;
          return input;
        },
      }),
    ],
    { maxRunning: 1 },
  );
  const first = await engine.send(work, bytes("first"));
  const waiting = await engine.send(work, bytes("waiting"));
  const last = await engine.send(work, bytes("last"));
  await engine.cancel(waiting.id, "cancel");
  expect(told(await engine.attach(waiting.id))).toBe(canceled);
  door.open();
  expect(told(await engine.attach(first.id))).toBe("first");
  expect(told(await engine.attach(last.id))).toBe("last");
  expect(ran).toEqual(["first", "last"]);
});

test("an attach that waits hears of a cancel", async () => {
  const engine = await startEngine([worker([])]);
  const { id } = await engine.send(work, bytes(""), { delayMs: 60_000 });
  const attached = engine.attach(id);
  await engine.cancel(id, "kill");
  expect(told(await attached)).toBe(killed);
});

test("cancel reaches the calls that a handler waits for, not its sends", async () => {
  const reasons: unknown[] = [];
  const ids: { readonly parent: string; child: string; readonly sent: string }[] = [];
  const engine = await startEngine([
    worker(reasons),
    textService("Parent", "unkeyed", {
      Run: async (_, attempt) => {
        const sent = await attempt.send(work, bytes("sent"));
        ids.push({ parent: attempt.invocationId, child: "", sent: sent.id });
        const { outcome } = await attempt.call(work, bytes("called"));
        return told(outcome);
      },
    }),
  ]);
  const { id } = await engine.send(unkeyed("Parent", "Run"), bytes(""));
  await until(async () => {
    const { invocations } = await engine.list({ service: "Worker", states: ["running"], pageSize: 10 });
    return invocations.length === 2;
  });
  await engine.cancel(id, "cancel");
  expect(told(await engine.attach(id))).toBe(canceled);
  await until(() => reasons.length === 1);
  const sent = ids[0]?.sent ?? "";
  expect(await engine.get(sent)).toMatchObject({ state: "running", invokedBy: id });
  const { invocations } = await engine.list({ service: "Worker", pageSize: 10 });
  const called = invocations.find((invocation) => invocation.id !== sent);
  expect(told(await engine.attach(called?.id ?? ""))).toBe(canceled);
});

test("cancel reaches calls with an idempotency key, and those that a plain call waits for", async () => {
  const reasons: unknown[] = [];
  const parents: string[] = [];
  const engine = await startEngine([
    worker(reasons),
    textService("Parent", "unkeyed", {
      Run: async (input, attempt) => {
        parents.push(attempt.invocationId);
        const { outcome } = await attempt.call(work, bytes(""), { idempotency: { key: input } });
        return told(outcome);
      },
    }),
  ]);
  const parent = unkeyed("Parent", "Run");
  const { id } = await engine.send(parent, bytes("durable"));
  const call = engine.call(parent, bytes("plain"));
  const running = () => engine.list({ service: "Worker", states: ["running"], pageSize: 10 });
  await until(async () => (await running()).invocations.length === 2);
  await Promise.all(parents.map((one) => engine.cancel(one, "cancel")));
  expect(told(await engine.attach(id))).toBe(canceled);
  expect(told((await call).outcome)).toBe(canceled);
  await until(() => reasons.length === 2);
  const { invocations } = await engine.list({ service: "Worker", pageSize: 10 });
  for (const child of invocations) {
    expect(told(await engine.attach(child.id))).toBe(canceled);
  }
});

test("cancel reaches calls of calls, however deep", async () => {
  const deepest = gate();
  const engine = await startEngine([
    textService("Chain", "unkeyed", {
      Link: async (input, attempt) => {
        if (input === "0") {
          deepest.open();
          await new Promise((_, reject) => attempt.signal.addEventListener("abort", reject));
        }
        const below = await attempt.call(unkeyed("Chain", "Link"), bytes(String(Number(input) - 1)));
        return told(below.outcome);
      },
    }),
  ]);
  const { id } = await engine.send(unkeyed("Chain", "Link"), bytes("200"));
  await deepest.opened;
  await engine.cancel(id, "cancel");
  const { invocations } = await engine.list({ service: "Chain", pageSize: 300 });
  expect(invocations).toHaveLength(201);
  for (const link of invocations) {
    expect(told(await engine.attach(link.id))).toBe(canceled);
  }
});

test("a cancel that a crash overtook holds after the restart", async () => {
  const path = temporaryDirectory();
  const first = await startEngine([worker([])], { path });
  const { id } = await first.send(work, bytes("deaf"));
  await until(async () => (await first.get(id))?.state === "running");
  await first.cancel(id, "cancel");
  await first.close({ drainMs: 0 });
  const ran: string[] = [];
  const second = await startEngine(
    [
      textService("Worker", "unkeyed", {
        Work: (input) => {
          ran.push(input);
          return input;
        },
      }),
    ],
    { path },
  );
  expect(told(await second.attach(id))).toBe(canceled);
  expect(ran).toEqual([]);
});

test("a cancel that meets the failure of the attempt ends the invocation", async () => {
  const cancels: Promise<void>[] = [];
  const engine = await startEngine(
    [
      textService("Worker", "unkeyed", {
        Work: (_, { invocationId }) => {
          // The cancel is on its way, and the signal has not heard of it, when the attempt fails.
          cancels.push(engine.cancel(invocationId, "cancel"));
          throw new Error("broken");
        },
      }),
    ],
    { retry: { initialIntervalMs: 600_000, maxIntervalMs: 600_000 } },
  );
  const { id } = await engine.send(work, bytes(""));
  expect(told(await engine.attach(id))).toBe(canceled);
  await Promise.all(cancels);
});

test("purge forgets an ended invocation, and only such a one", async () => {
  const door = gate();
  const engine = await startEngine([
    textService("Worker", "unkeyed", { Work: () => door.opened.then(() => "done") }),
  ]);
  const { id } = await engine.send(work, bytes(""));
  await expect(engine.purge(id)).rejects.toMatchObject({ code: Code.FailedPrecondition });
  door.open();
  await engine.attach(id);
  await engine.purge(id);
  expect(await engine.get(id)).toBeUndefined();
  for (const end of [
    (which: string) => engine.cancel(which, "cancel"),
    (which: string) => engine.cancel(which, "kill"),
    (which: string) => engine.purge(which),
  ]) {
    await expect(end(id)).rejects.toMatchObject({ code: Code.NotFound });
    await expect(end("nonsense")).rejects.toMatchObject({ code: Code.InvalidArgument });
  }
});
