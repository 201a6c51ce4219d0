import { describe, expect, it } from "vitest";
import {
  bytes,
  gate,
  keyed,
  startEngine,
  temporaryDirectory,
  text,
  textService,
  unkeyed,
  until,
} from "./support.ts";

const quickRetry = { retry: { initialIntervalMs: 1, maxIntervalMs: 1 } };

/** Fails so often as the request says, then answers. */
function flaky() {
  return textService("Flaky", "unkeyed", {
    Run: (input, { number }) => {
      if (number <= Number(input)) {
        throw new Error(`attempt ${number}`);
      }
      return "done";
    },
  });
}

describe("inspect", () => {
  it("returns the request, its headers, and the last 20 failures", async () => {
    const engine = await startEngine([flaky()], quickRetry);
    const { id } = await engine.send(unkeyed("Flaky", "Run"), bytes("25"), { headers: [["x-a", "1"]] });
    await engine.attach(id);
    const details = await engine.inspect(id);
    expect(text(details?.input ?? new Uint8Array())).toBe("25");
    expect(details?.headers).toEqual([["x-a", "1"]]);
    expect(details?.info).toMatchObject({ state: "succeeded", attempts: 26 });
    const messages = details?.failedAttempts?.map(({ message }) => message);
    // Two failures in one millisecond count as one.
    expect(messages?.length).toBeLessThanOrEqual(20);
    expect(messages?.at(-1)).toBe("attempt 25");
    expect(messages).not.toContain("attempt 1");
  });

  it("keeps the failures across a restart, and deletes them with the invocation", async () => {
    const path = temporaryDirectory();
    const first = await startEngine([flaky()], { path, ...quickRetry });
    const { id } = await first.send(unkeyed("Flaky", "Run"), bytes("2"));
    await first.attach(id);
    await first.close();
    const second = await startEngine([flaky()], { path });
    const failures = (await second.inspect(id))?.failedAttempts ?? [];
    expect(failures.at(-1)?.message).toBe("attempt 2");
    await second.purge(id);
    expect(await second.inspect(id)).toBeUndefined();
  });

  it("names the awakeables and the calls that a handler waits for, and the invocations that it made", async () => {
    const door = gate();
    let awakeable = "";
    const service = textService("Parent", "unkeyed", {
      Run: async (_, attempt) => {
        const { id, value } = attempt.awakeable();
        awakeable = id;
        await attempt.send(unkeyed("Parent", "Child"), bytes("sent"));
        await attempt.call(unkeyed("Parent", "Child"), bytes("called"));
        await value;
        return "done";
      },
      Child: (input) => (input === "called" ? door.opened.then(() => input) : input),
    });
    const engine = await startEngine([service]);
    const { id } = await engine.send(unkeyed("Parent", "Run"), bytes(""));
    await until(async () => (await engine.inspect(id))?.waitsFor?.length === 1);
    const waiting = await engine.inspect(id);
    expect(waiting?.awakeables).toEqual([awakeable]);
    const children = await engine.list({ invokedBy: id, oldestFirst: true, pageSize: 10 });
    expect(children.invocations).toHaveLength(2);
    expect(children.invocations[1]?.id).toBe(waiting?.waitsFor?.[0]);
    expect(children.invocations.every(({ invokedBy }) => invokedBy === id)).toBe(true);

    door.open();
    await engine.awakeables.resolve(awakeable, { format: "binary", bytes: bytes("") });
    await engine.attach(id);
    expect(await engine.inspect(id)).toMatchObject({ awakeables: [], waitsFor: [] });
  });

  it("returns undefined for an unknown id", async () => {
    const engine = await startEngine([flaky()]);
    const { id } = await engine.send(unkeyed("Flaky", "Run"), bytes("0"));
    await engine.attach(id);
    await engine.purge(id);
    expect(await engine.inspect(id)).toBeUndefined();
  });
});

describe("list", () => {
  it("goes through the invocations in both directions, page by page", async () => {
    const engine = await startEngine([flaky()]);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await engine.send(unkeyed("Flaky", "Run"), bytes("0"))).id);
    }
    const all = async (oldestFirst: boolean): Promise<readonly string[]> => {
      const found: string[] = [];
      let pageToken: string | undefined;
      do {
        const page = await engine.list({ pageSize: 2, oldestFirst, pageToken });
        found.push(...page.invocations.map(({ id }) => id));
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
      return found;
    };
    expect(await all(true)).toEqual(ids);
    expect(await all(false)).toEqual(ids.toReversed());
    const young = await engine.list({ pageSize: 10, maxAgeMs: 60_000 });
    expect(young.invocations).toHaveLength(5);
    await until(async () => (await engine.list({ pageSize: 10, maxAgeMs: 0 })).invocations.length === 0);
  });
});

describe("statistics", () => {
  it("say which key has the longest queue, and since when invocations wait", async () => {
    const door = gate();
    const service = textService("Counter", "keyed", { Add: (input) => door.opened.then(() => input) });
    const engine = await startEngine([service]);
    expect(await engine.statistics()).toMatchObject({ oldestPendingAt: undefined, longestQueue: undefined });
    const { id: running } = await engine.send(keyed("Counter", "Add", "c"), bytes(""));
    await until(async () => (await engine.get(running))?.state === "running");
    expect((await engine.statistics()).oldestPendingAt).toBeUndefined();
    const before = Date.now();
    const sent = await Promise.all(
      ["a", "b", "b", "b"].map((key) => engine.send(keyed("Counter", "Add", key), bytes(""))),
    );
    const { longestQueue, oldestPendingAt, storeBytes } = await engine.statistics();
    expect(longestQueue).toEqual({ service: "Counter", key: "b", length: 2 });
    expect(oldestPendingAt?.getTime()).toBeGreaterThanOrEqual(before);
    expect(storeBytes).toBeGreaterThan(0);
    door.open();
    await Promise.all(sent.map(({ id }) => engine.attach(id)));
    expect((await engine.statistics()).longestQueue).toBeUndefined();
  });
});
