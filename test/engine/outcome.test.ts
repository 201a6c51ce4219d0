import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { bytes, gate, startEngine, textService, told, unkeyed } from "./support.ts";

const work = unkeyed("Worker", "Work");
const noRoom = new ConnectError("no room", Code.ResourceExhausted);

describe("reserve", () => {
  it("is asked for the size of a stored outcome by attach, output and a repeated call", async () => {
    const engine = await startEngine([textService("Worker", "unkeyed", { Work: (input) => input })]);
    const idempotency = { key: "k" };
    const { id } = await engine.call(work, bytes("x".repeat(70_000)), { idempotency });
    const asked: number[] = [];
    const reserve = (size: number): void => void asked.push(size);
    await engine.attach(id, { reserve });
    await engine.output(id, { reserve });
    const repeated = await engine.call(work, bytes("x".repeat(70_000)), { idempotency, reserve });
    expect(told(repeated.outcome)).toHaveLength(70_000);
    expect(asked).toEqual([70_000, 70_000, 70_000]);
  });

  it("is asked when an outcome that is waited for comes", async () => {
    const door = gate();
    const engine = await startEngine([
      textService("Worker", "unkeyed", { Work: (input) => door.opened.then(() => input) }),
    ]);
    const { id } = await engine.send(work, bytes("abc"));
    const asked: number[] = [];
    const outcome = engine.attach(id, { reserve: (size) => void asked.push(size) });
    door.open();
    expect(told(await outcome)).toBe("abc");
    expect(asked).toEqual([3]);
  });

  it("refuses an outcome by the error it throws or rejects with", async () => {
    const engine = await startEngine([textService("Worker", "unkeyed", { Work: (input) => input })]);
    const { id } = await engine.send(work, bytes("abc"));
    await engine.attach(id);
    const reserve = () => Promise.reject(noRoom);
    await expect(engine.attach(id, { reserve })).rejects.toBe(noRoom);
    await expect(engine.output(id, { reserve })).rejects.toBe(noRoom);
  });

  it("is not asked for a failure", async () => {
    const engine = await startEngine([
      textService("Worker", "unkeyed", {
        Work: () => Promise.reject(new ConnectError("no", Code.NotFound)),
      }),
    ]);
    const { id } = await engine.send(work, bytes(""));
    await engine.attach(id);
    expect((await engine.attach(id, { reserve: () => Promise.reject(noRoom) })).ok).toBe(false);
  });
});

describe("an idempotency key", () => {
  it("stands for one invocation in each scope, and lookup finds each", async () => {
    const engine = await startEngine([textService("Worker", "unkeyed", { Work: (input) => input })]);
    const ids = await Promise.all(
      [undefined, "", "a", "b"].map(async (scope) => {
        const idempotency = { key: "k", scope };
        const { id, outcome } = await engine.call(work, bytes(`${scope}`), { idempotency });
        expect(told(outcome)).toBe(`${scope}`);
        expect(await engine.lookup({ ...work, idempotencyKey: "k", scope })).toBe(id);
        return id;
      }),
    );
    expect(new Set(ids).size).toBe(4);
  });
});
