import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import {
  bytes,
  gate,
  keyed,
  startEngine,
  temporaryDirectory,
  text,
  textService,
  told,
  unkeyed,
  until,
} from "./support.ts";

const run = unkeyed("Parent", "Run");
const child = unkeyed("Child", "Work");

test("a repeated attempt finds the calls and sends of the first", async () => {
  const ran: string[] = [];
  const ids = new Set<string>();
  const engine = await startEngine(
    [
      textService("Child", "unkeyed", {
        Work: (input) => {
          ran.push(input);
          return `${input} done`;
        },
      }),
      textService("Parent", "unkeyed", {
        Run: async (_, attempt) => {
          const one = await attempt.send(child, bytes("sent 1"));
          const two = await attempt.send(child, bytes("sent 2"));
          const called = await attempt.call(child, bytes(`called in attempt ${attempt.number}`));
          ids.add(one.id).add(two.id).add(called.id);
          if (attempt.number < 3) {
            throw new Error("once more");
          }
          return told(called.outcome);
        },
      }),
    ],
    { retry: { initialIntervalMs: 1 } },
  );
  const { id } = await engine.send(run, bytes(""));
  expect(told(await engine.attach(id))).toBe("called in attempt 1 done");
  expect(ids.size).toBe(3);
  await until(() => ran.length === 3);
  expect(ran.toSorted()).toEqual(["called in attempt 1", "sent 1", "sent 2"]);
  for (const sent of ids) {
    expect(await engine.get(sent)).toMatchObject({ invokedBy: id });
  }
});

test.each([0, 30])(
  "a repeated attempt finds them after their retention of %d ms too",
  async (retentionMs) => {
    const ran: string[] = [];
    const forgotten = gate();
    const engine = await startEngine(
      [
        textService("Child", "unkeyed", {
          Work: (input) => {
            ran.push(input);
            return `${input} done`;
          },
        }),
        textService("Parent", "unkeyed", {
          Run: async (_, attempt) => {
            const { id } = await attempt.send(child, bytes("sent"));
            const sent = told(await attempt.attach(id));
            const { outcome } = await attempt.call(child, bytes("called"));
            if (attempt.number < 3) {
              await forgotten.opened;
              throw new Error("once more");
            }
            return `${sent}, ${told(outcome)}`;
          },
        }),
      ],
      { retentionMs, retry: { initialIntervalMs: 1 } },
    );
    const { id } = await engine.send(run, bytes(""));
    const ended = engine.attach(id);
    await until(() => ran.length === 2);
    // What has no living parent is forgotten: those who look for expired ones have been there.
    const other = await engine.send(child, bytes("other"));
    await until(async () =>
      (await engine.list({ pageSize: 10 })).invocations.every((one) => one.id !== other.id),
    );
    forgotten.open();
    expect(told(await ended)).toBe("sent done, called done");
    expect(ran).toEqual(["sent", "called", "other"]);
  },
);

test("an invocation that takes an id over does not find the calls of the former one", async () => {
  const ran: string[] = [];
  const engine = await startEngine([
    textService("Child", "unkeyed", {
      Work: (input) => {
        ran.push(input);
        return input;
      },
    }),
    textService("Parent", "unkeyed", {
      Run: async (input, attempt) => {
        await attempt.send(child, bytes(`sent by ${input}`));
        return told((await attempt.call(child, bytes(`called by ${input}`))).outcome);
      },
    }),
  ]);
  for (const life of ["first", "second"]) {
    const { id, duplicate } = await engine.send(run, bytes(life), { idempotency: { key: "k" } });
    expect(duplicate).toBe(false);
    expect(told(await engine.attach(id))).toBe(`called by ${life}`);
    await engine.purge(id);
  }
  await until(() => ran.length === 4);
});

test("calls of one handler to different targets may change their order between attempts", async () => {
  const ran: string[] = [];
  const engine = await startEngine(
    [
      textService("Child", "keyed", {
        Work: (input) => {
          ran.push(input);
          return input;
        },
      }),
      textService("Parent", "unkeyed", {
        Run: async (_, attempt) => {
          const keys = attempt.number === 1 ? ["a", "b"] : ["b", "a"];
          for (const key of keys) {
            await attempt.call(keyed("Child", "Work", key), bytes(key));
          }
          if (attempt.number === 1) {
            throw new Error("once more");
          }
          return "";
        },
      }),
    ],
    { retry: { initialIntervalMs: 1 } },
  );
  const { id } = await engine.send(run, bytes(""));
  await engine.attach(id);
  expect(ran).toEqual(["a", "b"]);
});

test("a child goes on through a restart of its parent", async () => {
  const path = temporaryDirectory();
  let childRuns = 0;
  let parentRuns = 0;
  let hold = true;
  const services = [
    textService("Child", "unkeyed", {
      Work: async () => {
        childRuns += 1;
        if (hold) {
          await new Promise(() => undefined);
        }
        return "child";
      },
    }),
    textService("Parent", "unkeyed", {
      Run: async (_, attempt) => {
        parentRuns += 1;
        return told((await attempt.call(child, bytes(""))).outcome);
      },
    }),
  ];
  const first = await startEngine(services, { path });
  const { id } = await first.send(run, bytes(""));
  await until(() => childRuns === 1);
  await first.close({ drainMs: 0 });
  hold = false;
  const second = await startEngine(services, { path });
  expect(told(await second.attach(id))).toBe("child");
  expect([parentRuns, childRuns]).toEqual([2, 2]);
  expect((await second.list({ service: "Child", pageSize: 10 })).invocations).toHaveLength(1);
});

test("a handler of a plain call may call and send; its calls end with it", async () => {
  const seen: string[] = [];
  const engine = await startEngine([
    textService("Child", "unkeyed", {
      Work: (input, { signal }) =>
        input === "quick"
          ? "child"
          : new Promise((_, reject) => {
              signal.addEventListener("abort", () => {
                seen.push(String(signal.reason));
                reject(new Error("stopped"));
              });
            }),
    }),
    textService("Parent", "unkeyed", {
      Run: async (input, attempt) => told((await attempt.call(child, bytes(input))).outcome),
    }),
  ]);
  expect(told((await engine.call(run, bytes("quick"))).outcome)).toBe("child");
  const caller = new AbortController();
  const call = engine.call(run, bytes("slow"), { signal: caller.signal });
  setTimeout(() => caller.abort(new Error("gone")), 20);
  await expect(call).rejects.toThrow("gone");
  await until(() => seen.length === 1);
  expect(seen).toEqual(["Error: gone"]);
});

test("a handler may attach, look, and complete awakeables", async () => {
  const engine = await startEngine([
    textService("Child", "unkeyed", {
      Work: async (_, attempt) => {
        const { id, value } = attempt.awakeable();
        await attempt.send(unkeyed("Child", "Complete"), bytes(id));
        return text((await value).bytes);
      },
      Complete: async (id, attempt) => {
        await attempt.awakeables.resolve(id, { format: "binary", bytes: bytes("completed") });
        return "";
      },
    }),
    textService("Parent", "unkeyed", {
      Run: async (_, attempt) => {
        const { id } = await attempt.send(child, bytes(""));
        const outcome = told(await attempt.attach(id));
        return `${outcome} ${(await attempt.get(id))?.state}`;
      },
    }),
  ]);
  const { id } = await engine.send(run, bytes(""));
  expect(told(await engine.attach(id))).toBe("completed succeeded");
});

test("handlers that wait for others do not take their places: no deadlock by the limit", async () => {
  const engine = await startEngine(
    [
      textService("Tree", "unkeyed", {
        Grow: async (depth, attempt) => {
          if (depth === "0") {
            return "1";
          }
          const below = bytes(String(Number(depth) - 1));
          const grow = unkeyed("Tree", "Grow");
          const both = await Promise.all([attempt.call(grow, below), attempt.call(grow, below)]);
          return String(both.reduce((sum, { outcome }) => sum + Number(told(outcome)), 0));
        },
      }),
    ],
    { maxRunning: 2 },
  );
  const grow = unkeyed("Tree", "Grow");
  const sent = await engine.send(grow, bytes("5"));
  expect(told(await engine.attach(sent.id))).toBe("32");
  expect(told((await engine.call(grow, bytes("5"))).outcome)).toBe("32");
  // All places are back: two can still run.
  const again = await Promise.all([engine.call(grow, bytes("3")), engine.call(grow, bytes("3"))]);
  expect(again.map(({ outcome }) => told(outcome))).toEqual(["8", "8"]);
});

test("handlers that are ended while they wait give back what they had, and no more", async () => {
  const seen = { waiting: 0, now: 0, most: 0 };
  const door = gate();
  const engine = await startEngine(
    [
      textService("Parent", "unkeyed", {
        Run: async (input, attempt) => {
          const { value } = attempt.awakeable();
          seen.waiting += 1;
          // One goes on without its awakeable: it ends while it still counts as waiting.
          return input === "leave" ? "left" : text((await value).bytes);
        },
      }),
      textService("Child", "unkeyed", {
        Work: async () => {
          seen.now += 1;
          seen.most = Math.max(seen.most, seen.now);
          await door.opened;
          seen.now -= 1;
          return "";
        },
      }),
    ],
    { maxRunning: 2 },
  );
  const waiting = await Promise.all(
    ["kill", "cancel", "kill", "cancel", "leave"].map((input) => engine.send(run, bytes(input))),
  );
  const calls = ["kill", "cancel"].map((input) => engine.call(run, bytes(input)));
  await until(() => seen.waiting === 7);
  expect(told(await engine.attach(waiting[4]?.id ?? ""))).toBe("left");
  for (const [i, { id }] of waiting.slice(0, 4).entries()) {
    await engine.cancel(id, i % 2 === 0 ? "kill" : "cancel");
    await engine.attach(id);
  }
  const plain = Promise.allSettled(calls.map((call) => call.then(({ outcome }) => told(outcome))));
  const work = await Promise.all(Array.from({ length: 6 }, () => engine.send(child, bytes(""))));
  await until(() => seen.now === 2);
  door.open();
  await Promise.all(work.map(({ id }) => engine.attach(id)));
  expect(seen.most).toBe(2);
  await engine.close({ drainMs: 0 });
  expect((await plain).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("trouble of the engine in the middle of a handler is not its outcome", async () => {
  const path = temporaryDirectory();
  let started = 0;
  const services = [
    textService("Parent", "unkeyed", {
      Run: async (_, attempt) => {
        started += 1;
        if (started === 1) {
          await new Promise<void>((resolve) => attempt.signal.addEventListener("abort", () => resolve()));
        }
        const { id } = await attempt.send(child, bytes("late"));
        return id;
      },
    }),
    textService("Child", "unkeyed", { Work: (input) => input }),
  ];
  const first = await startEngine(services, { path });
  const { id } = await first.send(run, bytes(""));
  await until(() => started === 1);
  await first.close({ drainMs: 0 });
  const second = await startEngine(services, { path });
  const outcome = await second.attach(id);
  expect(told(outcome)).toMatch(/^inv_1/);
  expect(outcome).not.toMatchObject({ failure: { code: Code.Unavailable } });
});
