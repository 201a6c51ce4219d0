import { expect, test } from "vitest";
import type { InvocationQuery } from "../../src/engine/engine.ts";
import type { InvocationInfo } from "../../src/model/invocation.ts";
import {
  bytes,
  gate,
  keyed,
  startEngine,
  temporaryDirectory,
  textService,
  unkeyed,
  until,
} from "./support.ts";

const services = (door: { readonly opened: Promise<void> }) => [
  textService("Greeter", "unkeyed", {
    Greet: async (input) => door.opened.then(() => input),
    Fail: () => {
      throw new Error("no");
    },
  }),
  textService("Counter", "keyed", { Add: async (input) => door.opened.then(() => input) }),
];

test("invocations are listed newest first, by page and by filter", async () => {
  const door = gate();
  const engine = await startEngine(services(door), {
    retry: { initialIntervalMs: 60_000, maxIntervalMs: 60_000 },
  });
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    ids.push((await engine.send(unkeyed("Greeter", "Greet"), bytes(""))).id);
  }
  for (const key of ["a", "a", "b"]) {
    ids.push((await engine.send(keyed("Counter", "Add", key), bytes(""))).id);
  }
  ids.push((await engine.send(unkeyed("Greeter", "Greet"), bytes(""), { delayMs: 60_000 })).id);
  ids.push((await engine.send(unkeyed("Greeter", "Fail"), bytes(""))).id);
  await until(async () => (await engine.get(ids[9] ?? ""))?.state === "backing-off");

  const all = async (query: Omit<InvocationQuery, "pageSize">, pageSize = 100): Promise<InvocationInfo[]> => {
    const found: InvocationInfo[] = [];
    let pageToken: string | undefined;
    do {
      const page = await engine.list({
        ...query,
        pageSize,
        ...(pageToken === undefined ? undefined : { pageToken }),
      });
      expect(page.invocations.length).toBeLessThanOrEqual(pageSize);
      found.push(...page.invocations);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return found;
  };
  const idsOf = async (query: Omit<InvocationQuery, "pageSize">, pageSize?: number): Promise<string[]> =>
    (await all(query, pageSize)).map(({ id }) => id);

  expect(await idsOf({}, 3)).toEqual(ids.toReversed());
  expect(await idsOf({ service: "Counter" })).toEqual([ids[7], ids[6], ids[5]]);
  expect(await idsOf({ service: "Counter", key: "a" }, 1)).toEqual([ids[6], ids[5]]);
  expect(await idsOf({ method: "Fail" })).toEqual([ids[9]]);
  expect(await idsOf({ states: ["running"] }, 2)).toEqual([ids[7], ids[5], ...ids.slice(0, 5).toReversed()]);
  expect(await idsOf({ states: ["pending"] })).toEqual([ids[6]]);
  expect(await idsOf({ states: ["scheduled", "backing-off"] })).toEqual([ids[9], ids[8]]);
  expect(await idsOf({ minAgeMs: 60_000 })).toEqual([]);
  expect(await idsOf({ minAgeMs: 0 })).toHaveLength(10);
  door.open();
  await Promise.all(ids.slice(0, 8).map((id) => engine.attach(id)));
  expect(await idsOf({ states: ["succeeded"] })).toEqual(ids.slice(0, 8).toReversed());
});

test("counts are by service and state, and survive a restart", async () => {
  const path = temporaryDirectory();
  const door = gate();
  const first = await startEngine(services(door), { path, maxRunning: 2 });
  await Promise.all(Array.from({ length: 5 }, () => first.send(unkeyed("Greeter", "Greet"), bytes(""))));
  await first.send(keyed("Counter", "Add", "a"), bytes(""), { delayMs: 60_000 });
  const byName = (
    counts: readonly { service: string; state: string; count: number }[],
  ): Record<string, number> =>
    Object.fromEntries(counts.map(({ service, state, count }) => [`${service} ${state}`, count]));
  expect(byName(await first.count())).toEqual({
    "Counter scheduled": 1,
    "Greeter pending": 3,
    "Greeter running": 2,
  });
  await first.close({ drainMs: 0 });
  door.open();
  const second = await startEngine(services(door), { path });
  await until(async () => byName(await second.count())["Greeter succeeded"] === 5);
  expect(byName(await second.count())).toEqual({ "Counter scheduled": 1, "Greeter succeeded": 5 });
});

test("a filter that few match finds them among many", async () => {
  const engine = await startEngine([
    textService("Greeter", "unkeyed", { Greet: (input) => input }),
    textService("Rare", "unkeyed", { Work: (input) => input }),
  ]);
  const { id } = await engine.send(unkeyed("Rare", "Work"), bytes(""));
  for (let round = 0; round < 2; round++) {
    await Promise.all(
      Array.from({ length: 6_000 }, () =>
        engine.send(unkeyed("Greeter", "Greet"), bytes(""), { delayMs: 600_000 }),
      ),
    );
  }
  const { invocations } = await engine.list({ service: "Rare", pageSize: 10 });
  expect(invocations.map((invocation) => invocation.id)).toEqual([id]);
});
