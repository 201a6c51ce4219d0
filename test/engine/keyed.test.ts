import { expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { bytes, gate, keyed, startEngine, temporaryDirectory, textService, told, until } from "./support.ts";

const at = (key: string) => keyed("Counter", "Add", key);

/** A handler that notes when it begins and ends, and fails the test of exclusion if two are in at once. */
function recorder() {
  const order: string[] = [];
  const inside = new Map<string, number>();
  let mostAtOnce = 0;
  const service = textService("Counter", "keyed", {
    Add: async (input, { target: { key = "" } }) => {
      const now = (inside.get(key) ?? 0) + 1;
      inside.set(key, now);
      mostAtOnce = Math.max(mostAtOnce, now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      order.push(input);
      inside.set(key, now - 1);
      return input;
    },
  });
  return { service, order, mostAtOnce: () => mostAtOnce };
}

test("sends of one key run one at a time, in the order accepted", async () => {
  const { service, order, mostAtOnce } = recorder();
  const engine = await startEngine([service]);
  const inputs = Array.from({ length: 40 }, (_, i) => String(i));
  const sent = await Promise.all(inputs.map((input) => engine.send(at("a"), bytes(input))));
  await Promise.all(sent.map(({ id }) => engine.attach(id)));
  expect(order).toEqual(inputs);
  expect(mostAtOnce()).toBe(1);
});

test("plain calls, calls with an idempotency key and sends of one key share one queue", async () => {
  const { service, order, mostAtOnce } = recorder();
  const engine = await startEngine([service]);
  const inputs = Array.from({ length: 60 }, (_, i) => String(i));
  await Promise.all(inputs.map((input, i) => issue(engine, input, i)));
  await until(() => order.length === inputs.length);
  expect(order).toEqual(inputs);
  expect(mostAtOnce()).toBe(1);
});

function issue(engine: Engine, input: string, i: number): Promise<unknown> {
  switch (i % 3) {
    case 0:
      return engine.call(at("a"), bytes(input));
    case 1:
      return engine.send(at("a"), bytes(input));
    default:
      return engine.call(at("a"), bytes(input), { idempotency: { key: input } });
  }
}

test("a SINGLETON has one key", async () => {
  let inside = 0;
  let most = 0;
  const engine = await startEngine([
    textService("Clock", "singleton", {
      Tick: async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
        return "";
      },
    }),
  ]);
  const tick = keyed("Clock", "Tick", "");
  const sent = await Promise.all(Array.from({ length: 5 }, () => engine.send(tick, bytes(""))));
  await Promise.all([
    ...sent.map(({ id }) => engine.attach(id)),
    ...Array.from({ length: 5 }, () => engine.call(tick, bytes(""))),
  ]);
  expect(most).toBe(1);
});

test("a key that is slow, or backs off, holds up no other", async () => {
  const door = gate();
  const engine = await startEngine(
    [
      textService("Counter", "keyed", {
        Add: async (input, { target: { key } }) => {
          if (key === "slow") {
            await door.opened;
          }
          if (key === "broken") {
            throw new Error("broken");
          }
          return input;
        },
      }),
    ],
    { retry: { initialIntervalMs: 60_000, maxIntervalMs: 60_000 } },
  );
  await engine.send(at("slow"), bytes(""));
  const broken = await engine.send(at("broken"), bytes(""));
  const behind = await engine.send(at("broken"), bytes(""));
  await until(async () => (await engine.get(broken.id))?.state === "backing-off");
  expect(told((await engine.call(at("fast"), bytes("1"))).outcome)).toBe("1");
  expect(await engine.get(behind.id)).toMatchObject({ state: "pending", attempts: 0 });
  door.open();
});

test("a plain call waits behind a send that backs off, and runs when that has ended", async () => {
  const order: string[] = [];
  const engine = await startEngine(
    [
      textService("Counter", "keyed", {
        Add: (input, { number }) => {
          order.push(`${input}${number}`);
          if (input === "send" && number < 3) {
            throw new Error("not yet");
          }
          return input;
        },
      }),
    ],
    { retry: { initialIntervalMs: 20 } },
  );
  const { id } = await engine.send(at("a"), bytes("send"));
  await Promise.all([engine.call(at("a"), bytes("call")), engine.attach(id)]);
  expect(order).toEqual(["send1", "send2", "send3", "call1"]);
});

test("a plain call that gives up its turn lets the next one run", async () => {
  const door = gate();
  const order: string[] = [];
  const engine = await startEngine([
    textService("Counter", "keyed", {
      Add: async (input) => {
        order.push(input);
        if (input === "first") {
          await door.opened;
        }
        return input;
      },
    }),
  ]);
  const first = engine.call(at("a"), bytes("first"));
  await until(() => order.length === 1);
  const impatient = new AbortController();
  const second = engine.call(at("a"), bytes("second"), { signal: impatient.signal });
  const third = engine.call(at("a"), bytes("third"));
  impatient.abort(new Error("gone"));
  await expect(second).rejects.toThrow("gone");
  door.open();
  await Promise.all([first, third]);
  expect(order).toEqual(["first", "third"]);
});

test("a plain call whose caller has gone holds its key until its handler ends", async () => {
  const door = gate();
  const order: string[] = [];
  const engine = await startEngine([
    textService("Counter", "keyed", {
      Add: async (input) => {
        if (input === "first") {
          await door.opened;
        }
        order.push(input);
        return input;
      },
    }),
  ]);
  const caller = new AbortController();
  const first = engine.call(at("a"), bytes("first"), { signal: caller.signal });
  const second = await engine.send(at("a"), bytes("second"));
  caller.abort(new Error("gone"));
  await expect(first).rejects.toThrow("gone");
  expect(await engine.get(second.id)).toMatchObject({ state: "pending" });
  door.open();
  await engine.attach(second.id);
  expect(order).toEqual(["first", "second"]);
});

test("a delayed send takes its place in the queue when it is due", async () => {
  const door = gate();
  const order: string[] = [];
  const engine = await startEngine([
    textService("Counter", "keyed", {
      Add: async (input) => {
        order.push(input);
        await door.opened;
        return input;
      },
    }),
  ]);
  const delayed = await engine.send(at("a"), bytes("delayed"), { delayMs: 500 });
  await engine.send(at("a"), bytes("first"));
  await engine.send(at("a"), bytes("second"));
  await until(async () => (await engine.get(delayed.id))?.state === "pending");
  door.open();
  await engine.attach(delayed.id);
  expect(order).toEqual(["first", "second", "delayed"]);
});

test("the order within a key survives a restart", async () => {
  const path = temporaryDirectory();
  const first = await startEngine(
    [textService("Counter", "keyed", { Add: () => new Promise<string>(() => undefined) })],
    { path },
  );
  const inputs = Array.from({ length: 30 }, (_, i) => String(i));
  await Promise.all(inputs.map((input) => first.send(at(`k${Number(input) % 3}`), bytes(input))));
  await first.close({ drainMs: 0 });
  const { service, order, mostAtOnce } = recorder();
  await startEngine([service], { path });
  await until(() => order.length === inputs.length);
  for (const rest of [0, 1, 2]) {
    expect(order.filter((input) => Number(input) % 3 === rest)).toEqual(
      inputs.filter((input) => Number(input) % 3 === rest),
    );
  }
  expect(mostAtOnce()).toBe(1);
});
