import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { bytes, gate, keyed, startEngine, textService, told, unkeyed, until } from "./support.ts";

const work = unkeyed("Worker", "Work");

/** A worker whose handlers wait at a door, and how many are in. */
function guarded() {
  const door = gate();
  const seen = { now: 0, most: 0 };
  const service = textService("Worker", "unkeyed", {
    Work: async (input) => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await door.opened;
      seen.now -= 1;
      return input;
    },
  });
  return { door, seen, service };
}

test("no more than maxRunning handlers run at once, calls and sends together", async () => {
  const { door, seen, service } = guarded();
  const engine = await startEngine([service], { maxRunning: 3 });
  const sent = await Promise.all(Array.from({ length: 10 }, () => engine.send(work, bytes(""))));
  const calls = Array.from({ length: 10 }, () => engine.call(work, bytes("")));
  await until(() => seen.now === 3);
  door.open();
  await Promise.all([...calls, ...sent.map(({ id }) => engine.attach(id))]);
  expect(seen.most).toBe(3);
});

test("plain calls beyond maxQueued are refused with retry-after; sends are taken", async () => {
  const { door, seen, service } = guarded();
  const engine = await startEngine([service], { maxRunning: 2, maxQueued: 3 });
  const calls = Array.from({ length: 5 }, () => engine.call(work, bytes("")));
  await until(() => seen.now === 2);
  const refused = await engine.call(work, bytes("")).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: Code.ResourceExhausted });
  expect((refused as { metadata: Headers }).metadata.get("retry-after")).toMatch(/^[1-9]\d*$/);
  const { id } = await engine.send(work, bytes("sent"));
  door.open();
  await Promise.all(calls);
  expect(told(await engine.attach(id))).toBe("sent");
  expect(told((await engine.call(work, bytes("again"))).outcome)).toBe("again");
});

test("requests beyond maxQueued that the store has not answered are refused", async () => {
  const engine = await startEngine([textService("Worker", "unkeyed", { Work: (input) => input })], {
    maxQueued: 10,
  });
  const sends = await Promise.allSettled(Array.from({ length: 15 }, () => engine.send(work, bytes(""))));
  expect(sends.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
  for (const result of sends.slice(10)) {
    expect(result).toMatchObject({ reason: { code: Code.ResourceExhausted } });
  }
  await engine.send(work, bytes(""));
});

test("plain calls beyond maxQueuedBytes are refused; one of any size may wait", async () => {
  const { door, seen, service } = guarded();
  const engine = await startEngine([service], { maxRunning: 1, maxQueuedBytes: 1_000 });
  const running = engine.call(work, bytes("x".repeat(5_000)));
  await until(() => seen.now === 1);
  const waiting = [engine.call(work, bytes("x".repeat(5_000)))];
  await expect(engine.call(work, bytes("x"))).rejects.toMatchObject({ code: Code.ResourceExhausted });
  door.open();
  await Promise.all([running, ...waiting]);
  await Promise.all(Array.from({ length: 3 }, () => engine.call(work, bytes("x".repeat(400)))));
});

test("requests that carry more than maxQueuedBytes to the store are refused", async () => {
  const engine = await startEngine([textService("Worker", "unkeyed", { Work: (input) => input })], {
    maxQueuedBytes: 1_000,
  });
  const sends = await Promise.allSettled(
    Array.from({ length: 5 }, () => engine.send(work, bytes("x".repeat(400)))),
  );
  expect(sends.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "rejected",
    "rejected",
  ]);
  expect(sends[2]).toMatchObject({ reason: { code: Code.ResourceExhausted } });
  // Their outcomes weigh as much on the way back: once these are stored, one of any size is taken.
  for (const sent of sends) {
    await (sent.status === "fulfilled" ? engine.attach(sent.value.id) : undefined);
  }
  const { id } = await engine.send(work, bytes("x".repeat(5_000)));
  expect((await engine.attach(id)).ok).toBe(true);
});

test("a store at its size takes no more invocations, and goes on with those it has", async () => {
  const { door, service } = guarded();
  const engine = await startEngine([service], { maxStoreBytes: 400_000 });
  const ids: string[] = [];
  const fill = async (): Promise<unknown> => {
    for (;;) {
      ids.push((await engine.send(work, bytes("x".repeat(20_000)))).id);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const refused = await fill().catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: Code.ResourceExhausted });
  door.open();
  for (const id of ids) {
    expect((await engine.attach(id)).ok).toBe(true);
  }
});

test("100,000 keys are forgotten once their calls are done", async () => {
  const engine = await startEngine([textService("Counter", "keyed", { Add: (input) => input })], {
    maxQueued: 200_000,
  });
  const before = usedHeap();
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      Array.from({ length: 10_000 }, (_, i) =>
        engine.call(keyed("Counter", "Add", `${round}/${i}`), bytes("")),
      ),
    );
  }
  expect(await engine.count()).toEqual([]);
  expect(usedHeap() - before).toBeLessThan(20 * 2 ** 20);
});

/** What is still reachable, bytes. */
function usedHeap(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}
