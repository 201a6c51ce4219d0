import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { embedded } from "../../src/engine/index.ts";
import { bytes, startEngine, temporaryDirectory, textService, told, unkeyed } from "./support.ts";

/* Numbers and errors that the store could not take as they are: an error of it would end the process. */

const work = unkeyed("Worker", "Work");
const lastMoment = new Date("9999-12-31T23:59:59.999Z");
const worker = textService("Worker", "unkeyed", { Work: (input) => input });

test.each([Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER])(
  "a retention of %d ms keeps outcomes to the end of time",
  async (retentionMs) => {
    const engine = await startEngine([worker], { retentionMs });
    const { id } = await engine.send(work, bytes("a"));
    expect(told(await engine.attach(id))).toBe("a");
    expect((await engine.get(id))?.expiresAt).toEqual(lastMoment);
    const { expiresAt } = await engine.call(work, bytes("b"), { idempotency: { key: "k", retentionMs } });
    expect(expiresAt).toEqual(lastMoment);
  },
);

test("a retention or a delay that is not a number is refused", async () => {
  const engine = await startEngine([worker]);
  for (const retentionMs of [Number.NaN, -1]) {
    await expect(
      engine.send(work, bytes(""), { idempotency: { key: "k", retentionMs } }),
    ).rejects.toMatchObject({ code: Code.InvalidArgument });
  }
  await expect(engine.send(work, bytes(""), { delayMs: Number.NaN })).rejects.toMatchObject({
    code: Code.InvalidArgument,
  });
  expect(await engine.count()).toEqual([]);
});

test.each([Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER])(
  "a delay of %d ms is due at the end of time",
  async (delayMs) => {
    const engine = await startEngine([worker]);
    const { id, executeAt } = await engine.send(work, bytes(""), { delayMs });
    expect(executeAt).toEqual(lastMoment);
    expect((await engine.get(id))?.nextAttemptAt).toEqual(lastMoment);
  },
);

test("a backoff without a limit may reach the end of time", async () => {
  const engine = await startEngine(
    [
      textService("Worker", "unkeyed", {
        Work: () => {
          throw new Error("no");
        },
      }),
    ],
    { retry: { initialIntervalMs: Number.MAX_VALUE, maxIntervalMs: Number.POSITIVE_INFINITY } },
  );
  const { id } = await engine.send(work, bytes(""));
  await expect.poll(() => engine.get(id)).toMatchObject({ state: "backing-off", nextAttemptAt: lastMoment });
});

test("a first interval without end is refused", () => {
  const retry = { initialIntervalMs: Number.POSITIVE_INFINITY };
  expect(() => embedded({ path: temporaryDirectory(), retry })).toThrow(/retry\.initialIntervalMs/);
});

test.each(["not_found", 0, 2.5, 17, undefined])("a handler's error with code %j is unknown", async (code) => {
  const engine = await startEngine([
    textService("Worker", "unkeyed", {
      Work: () => {
        throw Object.assign(new ConnectError("gone"), { code });
      },
    }),
  ]);
  const { id } = await engine.send(work, bytes(""));
  expect(told(await engine.attach(id))).toBe(`${Code.Unknown}: gone`);
  expect(told((await engine.call(work, bytes(""))).outcome)).toBe(`${Code.Unknown}: gone`);
});

test.each([0, 2.5, Number.NaN, Number.POSITIVE_INFINITY])("a page of %d is refused", async (pageSize) => {
  const engine = await startEngine([worker]);
  await expect(engine.list({ pageSize })).rejects.toMatchObject({ code: Code.InvalidArgument });
});

test("a handler may throw what has no text", async () => {
  const engine = await startEngine(
    [
      textService("Worker", "unkeyed", {
        Work: (_, { number }) => {
          if (number === 1) {
            throw Object.create(null);
          }
          if (number === 2) {
            throw Object.assign(new ConnectError(""), { rawMessage: undefined });
          }
          return "";
        },
      }),
    ],
    { retry: { initialIntervalMs: 1 } },
  );
  const { id } = await engine.send(work, bytes(""));
  expect(told(await engine.attach(id))).toBe(`${Code.Unknown}: undefined`);
});
