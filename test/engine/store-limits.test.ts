import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Code } from "@connectrpc/connect";
import { describe, expect, it, onTestFinished } from "vitest";
import { embedded } from "../../src/engine/index.ts";
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
const wait = unkeyed("Waiter", "Wait");
const mebibyte = "x".repeat(2 ** 20);

describe("maxRunningBytes", () => {
  it("bounds the requests at work, and lets one of any size run", async () => {
    const seen = { now: 0, most: 0 };
    const door = gate();
    const service = textService("Worker", "unkeyed", {
      Work: async (input) => {
        seen.now += input.length;
        seen.most = Math.max(seen.most, seen.now);
        await door.opened;
        seen.now -= input.length;
        return "";
      },
    });
    const engine = await startEngine([service], { maxRunningBytes: 2.5 * 2 ** 20 });
    const sizes = [1, 1, 1, 5, 1, 1].map((size) => bytes(mebibyte.repeat(size)));
    const sent = await Promise.all(sizes.map((input) => engine.send(work, input)));
    await until(() => seen.now === 2 * 2 ** 20);
    door.open();
    await Promise.all(sent.map(({ id }) => engine.attach(id)));
    expect(seen.most).toBe(5 * 2 ** 20);
  });

  it("does not count handlers that wait for what they call", async () => {
    const parent = textService("Parent", "unkeyed", {
      Run: async (input, attempt) => {
        const { outcome } = await attempt.call(work, bytes(input));
        return String(told(outcome).length);
      },
    });
    const child = textService("Worker", "unkeyed", { Work: (input) => input });
    const engine = await startEngine([parent, child], { maxRunningBytes: 100_000 });
    const input = bytes("x".repeat(90_000));
    const run = unkeyed("Parent", "Run");
    const sent = await Promise.all(Array.from({ length: 12 }, () => engine.send(run, input)));
    for (const { id } of sent) {
      expect(told(await engine.attach(id))).toBe("90000");
    }
  });

  it("lets a process start over a backlog that is larger than its memory may be", async () => {
    const path = temporaryDirectory();
    expect(await runBacklog("store", path)).toEqual(["stored 192 MiB"]);
    const [began = "", completed] = await runBacklog("start", path);
    const [, growth] = /^began 2, grew by (\d+) MiB$/.exec(began) ?? [];
    expect(Number(growth)).toBeLessThan(128);
    expect(completed).toBe("completed 24");
  });
});

/** The lines that backlog-process.ts prints, with a heap smaller than the backlog. */
async function runBacklog(mode: "store" | "start", path: string): Promise<readonly string[]> {
  const script = new URL("./backlog-process.ts", import.meta.url).pathname;
  const flags = ["--max-old-space-size=64", "--conditions=@restate-connect/source"];
  const child = spawn(process.execPath, [...flags, script, mode, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
  }
  return lines;
}

describe("awakeables", () => {
  const value = (size: number) => ({ format: "binary", bytes: new Uint8Array(size) }) as const;

  /** A handler that tells the id of its first awakeable, and asks for `count` more once the door is open. */
  function waiter(ids: string[], door: Promise<void>, count: number) {
    return textService("Waiter", "unkeyed", {
      Wait: async (_, attempt) => {
        ids.push(attempt.awakeable().id);
        await door;
        const values = Array.from({ length: count }, () => attempt.awakeable().value);
        return (await Promise.all(values)).map(({ bytes: content }) => content.length).join();
      },
    });
  }

  /** The id of another awakeable of the same invocation. */
  function sibling(id: string, index: number): string {
    const encoded = Buffer.from(id.slice("prom_1".length), "base64url");
    encoded.writeUInt32BE(index, 24);
    return `prom_1${encoded.toString("base64url")}`;
  }

  it.each(["send", "call"] as const)(
    "of a %s are limited in number and bytes, and those that came early reach the handler",
    async (kind) => {
      const ids: string[] = [];
      const door = gate();
      const engine = await startEngine([waiter(ids, door.opened, 2)], {
        maxAwakeables: 3,
        maxAwakeableBytes: 1_000,
      });
      const outcome =
        kind === "send"
          ? engine.send(wait, bytes("")).then(({ id }) => engine.attach(id))
          : engine.call(wait, bytes("")).then((result) => result.outcome);
      await until(() => ids.length === 1);
      const resolve = (index: number, size: number) =>
        engine.awakeables.resolve(sibling(ids[0] ?? "", index), value(size));
      await resolve(1, 400);
      await expect(resolve(2, 601)).rejects.toMatchObject({ code: Code.ResourceExhausted });
      await resolve(2, 500);
      await resolve(3, 1);
      await expect(resolve(4, 1)).rejects.toMatchObject({ code: Code.ResourceExhausted });
      // The first completion wins: a second one is no more than the first.
      await resolve(1, 5);
      door.open();
      expect(told(await outcome)).toBe("400,500");
    },
  );

  it("count towards the size of the store", async () => {
    const ids: string[] = [];
    const engine = await startEngine([waiter(ids, new Promise(() => undefined), 0)], {
      maxStoreBytes: 2 ** 20,
    });
    await engine.send(wait, bytes(""));
    await until(() => ids.length === 1);
    const fill = async (): Promise<void> => {
      for (let index = 1; index < 100; index++) {
        await engine.awakeables.resolve(sibling(ids[0] ?? "", index), value(100_000));
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: Code.ResourceExhausted });
  });
});

describe("a call that would wait for ever", () => {
  const own = keyed("Counter", "Add", "k");

  it.each(["send", "call"] as const)("of a %s's own key is refused, with both names", async (kind) => {
    const counter = textService("Counter", "keyed", {
      Add: (_, attempt) =>
        attempt.call(keyed("Counter", "Reset", "k"), bytes("")).then(
          ({ outcome }) => told(outcome),
          (error: unknown) => String(error),
        ),
      Reset: () => "reset",
    });
    const engine = await startEngine([counter]);
    const outcome =
      kind === "send"
        ? await engine.attach((await engine.send(own, bytes(""))).id)
        : (await engine.call(own, bytes(""))).outcome;
    expect(told(outcome)).toMatch(/\[failed_precondition\] Counter\/Reset for key "k" .*Counter\/Add/);
  });

  it("of a key that a caller of its caller holds is refused", async () => {
    const services = [
      textService("Counter", "keyed", {
        Add: async (_, attempt) => told((await attempt.call(unkeyed("Between", "Go"), bytes(""))).outcome),
      }),
      textService("Between", "unkeyed", {
        Go: (_, attempt) =>
          attempt.call(own, bytes("")).then(
            () => "called",
            (error: unknown) => String(error),
          ),
      }),
    ];
    const engine = await startEngine(services);
    const { id } = await engine.send(own, bytes(""));
    expect(told(await engine.attach(id))).toContain("[failed_precondition]");
    expect(told((await engine.call(own, bytes(""))).outcome)).toContain("[failed_precondition]");
  });

  it("of another key is not refused", async () => {
    const counter = textService("Counter", "keyed", {
      Add: async (input, attempt) =>
        input === "" ? "end" : told((await attempt.call(keyed("Counter", "Add", input), bytes(""))).outcome),
    });
    const engine = await startEngine([counter]);
    const { id } = await engine.send(own, bytes("other"));
    expect(told(await engine.attach(id))).toBe("end");
  });
});

describe("limits of the operator", () => {
  it("refuse keys beyond 4 KiB, and longer delays and retentions", async () => {
    const engine = await startEngine([textService("Counter", "keyed", { Add: (input) => input })], {
      maxDelayMs: 1_000,
      maxRetentionMs: 2_000,
    });
    const invalid = { code: Code.InvalidArgument };
    const key = "é".repeat(2_049);
    const tooLong = keyed("Counter", "Add", key);
    await expect(engine.send(tooLong, bytes(""))).rejects.toMatchObject(invalid);
    await expect(engine.call(tooLong, bytes(""))).rejects.toMatchObject(invalid);
    await expect(engine.lookup({ ...tooLong, idempotencyKey: "k" })).rejects.toMatchObject(invalid);
    const longest = keyed("Counter", "Add", key.slice(1));
    expect((await engine.call(longest, bytes(""))).outcome.ok).toBe(true);
    await expect(engine.send(longest, bytes(""), { delayMs: 1_001 })).rejects.toMatchObject(invalid);
    const idempotency = { key: "k", retentionMs: 2_001 };
    await expect(engine.send(longest, bytes(""), { idempotency })).rejects.toMatchObject(invalid);
    await engine.send(longest, bytes(""), { delayMs: 1_000, idempotency: { key: "k", retentionMs: 2_000 } });
  });
});

describe("credentials", () => {
  const headers = [
    ["authorization", "Bearer secret"],
    ["cookie", "session=secret"],
    ["x-tenant", "a"],
  ] as const;
  const show = textService("Worker", "unkeyed", {
    Work: (_, attempt) => attempt.headers.map(([name]) => name).join(),
  });

  it("reach the handler of a plain call, and not that of a durable invocation", async () => {
    const engine = await startEngine([show]);
    const plain = await engine.call(work, bytes(""), { headers });
    expect(told(plain.outcome)).toBe("authorization,cookie,x-tenant");
    const { id } = await engine.send(work, bytes(""), { headers });
    expect(told(await engine.attach(id))).toBe("x-tenant");
  });

  it("are stored where redactedHeaders is empty", async () => {
    const engine = await startEngine([show], { redactedHeaders: [] });
    const { id } = await engine.send(work, bytes(""), { headers });
    expect(told(await engine.attach(id))).toBe("authorization,cookie,x-tenant");
  });
});

describe("list", () => {
  it("ends a page early where its text is long", async () => {
    const engine = await startEngine([textService("Counter", "keyed", { Add: () => "" })]);
    const count = 600;
    await Promise.all(
      Array.from({ length: count }, (_, i) =>
        engine.send(keyed("Counter", "Add", `${i}${"k".repeat(4_000)}`), bytes("")),
      ),
    );
    const page = await engine.list({ pageSize: count });
    expect(page.invocations.length).toBeLessThan(300);
    const rest = await engine.list({ pageSize: count, pageToken: page.nextPageToken });
    expect(new Set([...page.invocations, ...rest.invocations].map(({ id }) => id)).size).toBe(
      page.invocations.length + rest.invocations.length,
    );
  });
});

describe("embedded()", () => {
  it.each(["maxRunningBytes", "maxAwakeables", "maxDelayMs"])("refuses %s that is not a number", (name) => {
    expect(() => embedded({ path: "unused", [name]: Number.NaN })).toThrow(
      `option ${name} of embedded() is NaN`,
    );
  });
});
