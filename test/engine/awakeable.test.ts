import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { AwakeableValue } from "../../src/model/invocation.ts";
import {
  bytes,
  startEngine,
  temporaryDirectory,
  text,
  textService,
  told,
  unkeyed,
  until,
} from "./support.ts";

const wait = unkeyed("Waiter", "Wait");
const value = (content: string): AwakeableValue => ({ format: "json", bytes: bytes(content) });

/** A service that hands out the ids of its awakeables and answers with what it waited for. */
function waiter(ids: string[], count = 1) {
  return textService("Waiter", "unkeyed", {
    Wait: async (_, attempt) => {
      const awakeables = Array.from({ length: count }, () => attempt.awakeable());
      ids.push(...awakeables.map(({ id }) => id));
      const values = await Promise.all(awakeables.map(({ value: promise }) => promise));
      return values.map(({ format, bytes: content }) => `${format} ${text(content)}`).join();
    },
  });
}

test("an awakeable of a send gives its value to the handler", async () => {
  const ids: string[] = [];
  const engine = await startEngine([waiter(ids, 2)]);
  const { id } = await engine.send(wait, bytes(""));
  await until(() => ids.length === 2);
  expect(ids[0]).toMatch(/^prom_1[A-Za-z0-9_-]{38}$/);
  await engine.awakeables.resolve(ids[1] ?? "", value("2"));
  await engine.awakeables.resolve(ids[0] ?? "", { format: "binary", bytes: bytes("one") });
  expect(told(await engine.attach(id))).toBe("binary one,json 2");
});

test("an awakeable of a plain call works too", async () => {
  const ids: string[] = [];
  const engine = await startEngine([waiter(ids)]);
  const call = engine.call(wait, bytes(""));
  await until(() => ids.length === 1);
  await engine.awakeables.resolve(ids[0] ?? "", value("1"));
  expect(told((await call).outcome)).toBe("json 1");
});

test("rejecting an awakeable rejects its value; uncaught, that is the outcome", async () => {
  const ids: string[] = [];
  const engine = await startEngine([waiter(ids)]);
  const { id } = await engine.send(wait, bytes(""));
  await until(() => ids.length === 1);
  await engine.awakeables.reject(ids[0] ?? "", "no payment");
  expect(told(await engine.attach(id))).toBe(`${Code.Unknown}: no payment`);
});

test("the first completion wins", async () => {
  const ids: string[] = [];
  const engine = await startEngine([waiter(ids, 2)]);
  const { id } = await engine.send(wait, bytes(""));
  await until(() => ids.length === 2);
  await engine.awakeables.resolve(ids[0] ?? "", value("first"));
  await engine.awakeables.resolve(ids[0] ?? "", value("second"));
  await engine.awakeables.reject(ids[0] ?? "", "third");
  await engine.awakeables.resolve(ids[1] ?? "", value("end"));
  expect(told(await engine.attach(id))).toBe("json first,json end");
});

test("a repeated attempt has the same awakeables, and finds what was completed", async () => {
  const path = temporaryDirectory();
  const ids: string[] = [];
  const first = await startEngine([waiter(ids, 2)], { path });
  const { id } = await first.send(wait, bytes(""));
  await until(() => ids.length === 2);
  await first.awakeables.resolve(ids[0] ?? "", value("before"));
  await first.close({ drainMs: 0 });
  const again: string[] = [];
  const second = await startEngine([waiter(again, 2)], { path });
  await until(() => again.length === 2);
  expect(again).toEqual(ids);
  await second.awakeables.resolve(ids[1] ?? "", value("after"));
  expect(told(await second.attach(id))).toBe("json before,json after");
});

test("a completion may come while the invocation backs off", async () => {
  const ids: string[] = [];
  const engine = await startEngine(
    [
      textService("Waiter", "unkeyed", {
        Wait: async (_, attempt) => {
          const { id, value: promise } = attempt.awakeable();
          ids.push(id);
          if (attempt.number === 1) {
            throw new Error("not yet");
          }
          return text((await promise).bytes);
        },
      }),
    ],
    { retry: { initialIntervalMs: 100 } },
  );
  const { id } = await engine.send(wait, bytes(""));
  await until(async () => (await engine.get(id))?.state === "backing-off");
  await engine.awakeables.resolve(ids[0] ?? "", value("early"));
  expect(told(await engine.attach(id))).toBe("early");
});

test("a completion may come before the handler asks", async () => {
  const ids: string[] = [];
  let mayAsk: (() => void) | undefined;
  const engine = await startEngine([
    textService("Waiter", "unkeyed", {
      Wait: async (_, attempt) => {
        const first = attempt.awakeable();
        ids.push(first.id);
        await new Promise<void>((resolve) => {
          mayAsk = resolve;
        });
        return text((await first.value).bytes) + text((await attempt.awakeable().value).bytes);
      },
    }),
  ]);
  const { id } = await engine.send(wait, bytes(""));
  await until(() => mayAsk !== undefined);
  const firstId = ids[0] ?? "";
  // The id of the second differs in its position, which is the last 32 bits.
  const encoded = Buffer.from(firstId.slice("prom_1".length), "base64url");
  encoded.writeUInt32BE(1, 24);
  await engine.awakeables.resolve(`prom_1${encoded.toString("base64url")}`, value("b"));
  await engine.awakeables.resolve(firstId, value("a"));
  mayAsk?.();
  expect(told(await engine.attach(id))).toBe("ab");
});

test("an unknown id is taken silently, a malformed one is invalid", async () => {
  const engine = await startEngine([]);
  await engine.awakeables.resolve(`prom_1${"A".repeat(38)}`, value("1"));
  for (const [id, problem] of [
    ["inv_1abc", "id doesn't match the expected type"],
    ["prom_1abc", "bad length"],
    [`prom_1${"!".repeat(38)}`, "bad format"],
  ] as const) {
    await expect(engine.awakeables.resolve(id, value("1"))).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining(problem),
    });
    await expect(engine.awakeables.reject(id, "no")).rejects.toMatchObject({ code: Code.InvalidArgument });
  }
});
