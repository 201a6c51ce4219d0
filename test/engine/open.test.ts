import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { Engine, ServiceHandlers } from "../../src/engine/engine.ts";
import type { EmbeddedOptions } from "../../src/engine/index.ts";
import {
  bytes,
  keyed,
  startEngine,
  temporaryDirectory,
  text,
  textService,
  told,
  unkeyed,
  until,
} from "./support.ts";

/*
 * Handlers that wait do not count as running, and yet hold memory. Four times maxRunning may have begun,
 * and those that make room may take a turn of their own until they are out.
 */
const maxRunning = 5;
const most = 5 * maxRunning;

const run = unkeyed("Parent", "Run");
const child = unkeyed("Child", "Work");
const value = (content: string) => ({ format: "json", bytes: bytes(content) }) as const;

/** Counts the parents that have begun and not ended. */
function counter() {
  const seen = { now: 0, most: 0, begun: 0 };
  const counted = async <T>(work: () => Promise<T>): Promise<T> => {
    seen.begun += 1;
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    try {
      return await work();
    } finally {
      seen.now -= 1;
    }
  };
  return { seen, counted };
}

/** An engine that finds all these sends in its store when it starts. */
async function startOver(
  sends: readonly Parameters<Engine["send"]>[],
  services: readonly ServiceHandlers[],
  options: Partial<EmbeddedOptions> = { maxRunning },
): Promise<{ readonly engine: Engine; readonly ids: readonly string[] }> {
  const path = temporaryDirectory();
  const never = textService("Parent", "unkeyed", { Run: () => new Promise(() => undefined) });
  const before = await startEngine([never], { path, maxRunning: 1 });
  const sent = await Promise.all(sends.map((send) => before.send(...send)));
  await before.close({ drainMs: 0 });
  const engine = await startEngine(services, { path, ...options });
  return { engine, ids: sent.map(({ id }) => id) };
}

test("calls of a backlog run before more of it is begun", async () => {
  const { seen, counted } = counter();
  const { engine, ids } = await startOver(
    Array.from({ length: 500 }, (_, i) => [run, bytes(String(i))]),
    [
      textService("Child", "unkeyed", { Work: (input) => input }),
      textService("Parent", "unkeyed", {
        Run: (input, attempt) => counted(async () => told((await attempt.call(child, bytes(input))).outcome)),
      }),
    ],
  );
  for (const [i, id] of ids.entries()) {
    expect(told(await engine.attach(id))).toBe(String(i));
  }
  expect(seen.most).toBeLessThanOrEqual(most);
  expect(seen.begun).toBe(500);
});

test("more awakeables may be waited for than handlers may be open, also through a restart", async () => {
  const { seen, counted } = counter();
  const awakeables = new Map<string, string>();
  const services = [
    textService("Parent", "unkeyed", {
      Run: (input, attempt) =>
        counted(async () => {
          const { id, value: promise } = attempt.awakeable();
          awakeables.set(input, id);
          return text((await promise).bytes);
        }),
    }),
  ];
  const path = temporaryDirectory();
  const first = await startEngine(services, { path, maxRunning });
  const sent = await Promise.all(Array.from({ length: 300 }, (_, i) => first.send(run, bytes(String(i)))));
  await until(() => awakeables.size === 300);
  await until(() => seen.now <= 4 * maxRunning);
  expect(seen.most).toBeLessThanOrEqual(most);
  const states = async () =>
    new Set((await first.list({ pageSize: 300 })).invocations.map((one) => one.state));
  expect(await states()).toEqual(new Set(["running", "pending"]));
  await first.close({ drainMs: 0 });
  seen.now = 0;
  seen.most = 0;
  const second = await startEngine(services, { path, maxRunning });
  for (const [input, id] of awakeables) {
    await second.awakeables.resolve(id, value(`value ${input}`));
  }
  for (const [i, { id }] of sent.entries()) {
    expect(told(await second.attach(id))).toBe(`value ${i}`);
  }
  expect(seen.most).toBeLessThanOrEqual(most);
});

test.each(["unkeyed", "keyed"] as const)(
  "a chain of %s calls may be deeper than handlers may be open",
  async (kind) => {
    const { seen, counted } = counter();
    const link = (depth: number) =>
      kind === "keyed" ? keyed("Chain", "Link", `key ${depth}`) : unkeyed("Chain", "Link");
    const engine = await startEngine(
      [
        textService("Chain", kind, {
          Link: (depth, attempt) =>
            counted(async () => {
              if (depth === "0") {
                return "0";
              }
              const below = Number(depth) - 1;
              const { outcome } = await attempt.call(link(below), bytes(String(below)));
              return String(Number(told(outcome)) + 1);
            }),
        }),
      ],
      { maxRunning: 1 },
    );
    const sent = await Promise.all([
      engine.send(link(100), bytes("100")),
      engine.send(link(100), bytes("100")),
    ]);
    for (const { id } of sent) {
      expect(told(await engine.attach(id))).toBe("100");
    }
    expect(seen.most).toBeLessThanOrEqual(5);
  },
);

test("handlers that wait for sends, keys and each other's awakeables get past the limit", async () => {
  const { seen, counted } = counter();
  const services = [
    textService("Child", "keyed", { Work: (input) => input }),
    textService("Parent", "unkeyed", {
      Run: (input, attempt) =>
        counted(async () => {
          const { id, value: promise } = attempt.awakeable();
          const { id: sent } = await attempt.send(keyed("Child", "Work", "one"), bytes(input));
          await attempt.send(unkeyed("Other", "Resolve"), bytes(id));
          return `${told(await attempt.attach(sent))} ${text((await promise).bytes)}`;
        }),
    }),
    textService("Other", "unkeyed", {
      Resolve: async (id, attempt) => {
        await attempt.awakeables.resolve(id, value("resolved"));
        return "";
      },
    }),
  ];
  const { engine, ids } = await startOver(
    Array.from({ length: 200 }, (_, i) => [run, bytes(String(i))]),
    services,
  );
  for (const [i, id] of ids.entries()) {
    expect(told(await engine.attach(id))).toBe(`${i} resolved`);
  }
  expect(seen.most).toBeLessThanOrEqual(most);
});

test("one that made room keeps its key, and can be cancelled and killed", async () => {
  const begun: string[] = [];
  const engine = await startEngine(
    [
      textService("Holder", "keyed", {
        Hold: async (input, attempt) => {
          begun.push(input);
          return input === "behind" ? input : text((await attempt.awakeable().value).bytes);
        },
      }),
    ],
    { maxRunning: 1 },
  );
  const at = (key: string) => keyed("Holder", "Hold", key);
  const holders = await Promise.all(
    Array.from({ length: 10 }, (_, i) => engine.send(at(String(i)), bytes(String(i)))),
  );
  const behind = await Promise.all([0, 1].map((i) => engine.send(at(String(i)), bytes("behind"))));
  const stateOf = async (i: number) => (await engine.get(holders[i]?.id ?? ""))?.state;
  await until(() => begun.length === 10);
  await until(async () => (await stateOf(0)) === "pending" && (await stateOf(1)) === "pending");
  expect(begun).not.toContain("behind");
  await engine.cancel(holders[0]?.id ?? "", "cancel");
  await engine.cancel(holders[1]?.id ?? "", "kill");
  expect(told(await engine.attach(holders[0]?.id ?? ""))).toBe(`${Code.Canceled}: canceled`);
  expect(told(await engine.attach(holders[1]?.id ?? ""))).toBe(`${Code.Aborted}: killed`);
  for (const { id } of behind) {
    expect(told(await engine.attach(id))).toBe("behind");
  }
});

test("a handler that is slow to make room does not run twice at the same time", async () => {
  const inside = new Set<string>();
  const awakeables = new Map<string, string>();
  let overlaps = 0;
  const release: (() => void)[] = [];
  const engine = await startEngine(
    [
      textService("Parent", "unkeyed", {
        Run: async (input, attempt) => {
          overlaps += inside.has(input) ? 1 : 0;
          inside.add(input);
          const { id, value: promise } = attempt.awakeable();
          awakeables.set(input, id);
          try {
            return text((await promise).bytes);
          } catch (error) {
            if (input === "slow") {
              await new Promise<void>((resolve) => release.push(resolve));
            }
            throw error;
          } finally {
            inside.delete(input);
          }
        },
      }),
    ],
    { maxRunning: 2 },
  );
  const slow = await engine.send(run, bytes("slow"));
  await until(() => awakeables.has("slow"));
  const others = await Promise.all(Array.from({ length: 20 }, (_, i) => engine.send(run, bytes(String(i)))));
  await until(() => release.length === 1);
  await engine.awakeables.resolve(awakeables.get("slow") ?? "", value("done"));
  await until(() => awakeables.size === 21);
  expect((await engine.get(slow.id))?.state).toBe("running");
  release[0]?.();
  expect(told(await engine.attach(slow.id))).toBe("done");
  for (const id of awakeables.values()) {
    await engine.awakeables.resolve(id, value("done"));
  }
  await Promise.all(others.map(({ id }) => engine.attach(id)));
  expect(overlaps).toBe(0);
});

test("plain calls that wait are limited too, those of handlers excepted", async () => {
  const awakeables: string[] = [];
  const engine = await startEngine(
    [
      textService("Child", "unkeyed", { Work: (input) => input }),
      textService("Parent", "unkeyed", {
        Run: async (input, attempt) => {
          const { id, value: promise } = attempt.awakeable();
          awakeables.push(id);
          return told((await attempt.call(child, bytes(`${input}${text((await promise).bytes)}`))).outcome);
        },
      }),
    ],
    { maxRunning: 2, maxQueued: 3 },
  );
  const calls = Array.from({ length: 11 }, () => engine.call(run, bytes("")));
  await until(() => awakeables.length === 11);
  await expect(engine.call(run, bytes(""))).rejects.toMatchObject({ code: Code.ResourceExhausted });
  for (const id of awakeables) {
    await engine.awakeables.resolve(id, value("done"));
  }
  expect(new Set((await Promise.all(calls)).map(({ outcome }) => told(outcome)))).toEqual(new Set(["done"]));
});

test("one that makes room as its awakeable is completed does not miss it", async () => {
  const awakeables: string[] = [];
  const engine = await startEngine(
    [
      textService("Parent", "unkeyed", {
        Run: async (_, attempt) => {
          const { id, value: promise } = attempt.awakeable();
          awakeables.push(id);
          return text((await promise).bytes);
        },
      }),
    ],
    { maxRunning: 1 },
  );
  const sent = await Promise.all(Array.from({ length: 4 }, () => engine.send(run, bytes(""))));
  await until(() => awakeables.length === 4);
  // In one batch: the first hears of its value, and then of the one that needs its room.
  await Promise.all([
    engine.awakeables.resolve(awakeables[0] ?? "", value("done")),
    engine.send(run, bytes("")),
  ]);
  const done = await Promise.all(sent.slice(0, 1).map(({ id }) => engine.attach(id)));
  expect(done.map(told)).toEqual(["done"]);
});
