import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { recordingLogger } from "../support/loggers.ts";
import {
  bytes,
  gate,
  startEngine,
  temporaryDirectory,
  textService,
  told,
  unkeyed,
  until,
} from "./support.ts";

const greet = unkeyed("Greeter", "Greet");

test("a send runs, and its outcome can be had by its id", async () => {
  const engine = await startEngine([textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` })]);
  const { id, duplicate } = await engine.send(greet, bytes("Pete"));
  expect(id).toMatch(/^inv_1[0-9A-Za-z]{33}$/);
  expect(duplicate).toBe(false);
  expect(told(await engine.attach(id))).toBe("Hello Pete");
  expect(await engine.get(id)).toMatchObject({ id, state: "succeeded", attempts: 1, target: greet });
});

test("attach waits for a send that has not ended", async () => {
  const door = gate();
  const engine = await startEngine([
    textService("Greeter", "unkeyed", { Greet: async (name) => door.opened.then(() => `Hello ${name}`) }),
  ]);
  const { id } = await engine.send(greet, bytes("Pete"));
  const outcome = engine.attach(id);
  await until(async () => (await engine.get(id))?.state === "running");
  door.open();
  expect(told(await outcome)).toBe("Hello Pete");
});

test("output gives what attach would, or nothing yet", async () => {
  const door = gate();
  const engine = await startEngine([
    textService("Greeter", "unkeyed", { Greet: async (name) => door.opened.then(() => `Hello ${name}`) }),
  ]);
  const { id } = await engine.send(greet, bytes("Pete"), { idempotency: { key: "k" } });
  expect(await engine.lookup({ ...greet, idempotencyKey: "k" })).toBe(id);
  expect(await engine.output(id)).toBeUndefined();
  door.open();
  expect(await engine.attach(id)).toEqual(await engine.output(id));
  const unknown = await engine.lookup({ ...greet, idempotencyKey: "other" });
  await expect(engine.output(unknown)).rejects.toMatchObject({ code: Code.NotFound });
  await expect(engine.output("inv_1")).rejects.toMatchObject({ code: Code.InvalidArgument });
});

test("aborting an attach ends the wait with its reason, not the invocation", async () => {
  const door = gate();
  const engine = await startEngine([
    textService("Greeter", "unkeyed", { Greet: async () => door.opened.then(() => "done") }),
  ]);
  const { id } = await engine.send(greet, bytes(""));
  const reason = new ConnectError("too late", Code.DeadlineExceeded);
  const waiting = new AbortController();
  const outcome = engine.attach(id, { signal: waiting.signal });
  waiting.abort(reason);
  await expect(outcome).rejects.toBe(reason);
  door.open();
  expect(told(await engine.attach(id))).toBe("done");
});

test("an error other than a ConnectError is retried with backoff until the handler succeeds", async () => {
  const numbers: number[] = [];
  const { logger, entries } = recordingLogger();
  const engine = await startEngine(
    [
      textService("Greeter", "unkeyed", {
        Greet: (name, { number }) => {
          numbers.push(number);
          if (number < 4) {
            throw new Error("database is away");
          }
          return `Hello ${name}`;
        },
      }),
    ],
    { retry: { initialIntervalMs: 1 }, logger },
  );
  const { id } = await engine.send(greet, bytes("Pete"));
  expect(told(await engine.attach(id))).toBe("Hello Pete");
  expect(numbers).toEqual([1, 2, 3, 4]);
  expect(entries).toHaveLength(3);
  expect(entries[0]).toEqual({
    level: "warn",
    message: "an attempt failed and is retried",
    fields: {
      method: "Greeter/Greet",
      invocation: id,
      attempt: 1,
      nextAttempt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      error: new Error("database is away"),
    },
  });
  // The stack of the same failure is not repeated.
  expect(entries.slice(1).map(({ fields }) => fields.error)).toEqual([
    "Error: database is away",
    "Error: database is away",
  ]);
  expect(await engine.get(id)).toMatchObject({ state: "succeeded", attempts: 4 });
});

test("a failure of another place is logged with its stack, and so is that of another invocation", async () => {
  const { logger, entries } = recordingLogger();
  const atHome = () => new Error("at home");
  const away = () => new Error("away");
  const engine = await startEngine(
    [
      textService("Greeter", "unkeyed", {
        Greet: (_, { number }) => {
          if (number < 5) {
            throw number < 3 ? atHome() : away();
          }
          return "done";
        },
      }),
    ],
    { retry: { initialIntervalMs: 1 }, logger },
  );
  const shown = [new Error("at home"), "Error: at home", new Error("away"), "Error: away"];
  for (const name of ["Pete", "Ada"]) {
    const { id } = await engine.send(greet, bytes(name));
    await engine.attach(id);
    const own = entries.filter(({ fields }) => fields.invocation === id);
    expect(own.map(({ fields }) => fields.error)).toEqual(shown);
  }
});

test("between attempts an invocation has its last failure and its next attempt", async () => {
  const engine = await startEngine(
    [
      textService("Greeter", "unkeyed", {
        Greet: () => {
          throw new Error("database is away");
        },
      }),
    ],
    { retry: { initialIntervalMs: 60_000, maxIntervalMs: 60_000 } },
  );
  const { id } = await engine.send(greet, bytes("Pete"));
  await until(async () => (await engine.get(id))?.state === "backing-off");
  const info = await engine.get(id);
  expect(info).toMatchObject({
    attempts: 1,
    lastFailure: { code: Code.Unknown, message: "database is away" },
  });
  expect(info?.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 20_000);
});

test("attempts end at maxAttempts, with a failure that does not tell the error", async () => {
  const engine = await startEngine(
    [
      textService("Greeter", "unkeyed", {
        Greet: () => {
          throw new Error("secret");
        },
      }),
    ],
    { retry: { initialIntervalMs: 1, maxAttempts: 3 } },
  );
  const { id } = await engine.send(greet, bytes("Pete"));
  expect(told(await engine.attach(id))).toBe(`${Code.Internal}: Greeter/Greet failed (${id})`);
  expect((await engine.get(id))?.attempts).toBe(3);
});

test("a ConnectError is the outcome: not retried, kept with details and metadata", async () => {
  const attempts: number[] = [];
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: (_, { number }) => {
        attempts.push(number);
        const error = new ConnectError("no such name", Code.NotFound, { "x-reason": "typo" });
        error.details = [{ type: "org.example.Hint", value: bytes("Peter?") }];
        throw error;
      },
    }),
  ]);
  const { id } = await engine.send(greet, bytes("Pete"));
  const outcome = await engine.attach(id);
  expect(outcome).toEqual({
    ok: false,
    failure: {
      code: Code.NotFound,
      message: "no such name",
      details: [{ type: "org.example.Hint", value: bytes("Peter?") }],
      metadata: [["x-reason", "typo"]],
    },
  });
  expect(await engine.attach(id)).toEqual(outcome);
  expect(attempts).toEqual([1]);
  expect(await engine.get(id)).toMatchObject({ state: "failed", lastFailure: { code: Code.NotFound } });
});

test("headers reach the handler, and the reply's headers and trailers reach who attaches", async () => {
  const engine = await startEngine([
    {
      name: "Greeter",
      kind: "unkeyed",
      methods: new Map([
        ["Greet", async ({ headers }) => ({ output: bytes("ok"), headers, trailers: [["x-end", "1"]] })],
      ]),
    },
  ]);
  const headers = [
    ["traceparent", "00-1"],
    ["x-many", "1"],
    ["x-many", "2"],
  ] as const;
  const { id } = await engine.send(greet, bytes(""), { headers });
  expect(await engine.attach(id)).toEqual({
    ok: true,
    output: bytes("ok"),
    headers,
    trailers: [["x-end", "1"]],
  });
});

test("work that was accepted and not finished runs after a restart", async () => {
  const path = temporaryDirectory();
  const first = await startEngine(
    [textService("Greeter", "unkeyed", { Greet: () => new Promise<string>(() => undefined) })],
    { path },
  );
  const { id } = await first.send(greet, bytes("Pete"));
  await until(async () => (await first.get(id))?.state === "running");
  await first.close({ drainMs: 0 });
  const second = await startEngine(
    [textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` })],
    { path },
  );
  expect(told(await second.attach(id))).toBe("Hello Pete");
});

test("outcomes survive a restart", async () => {
  const path = temporaryDirectory();
  const service = textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` });
  const first = await startEngine([service], { path });
  const { id } = await first.send(greet, bytes("Pete"));
  await first.attach(id);
  await first.close();
  const second = await startEngine([service], { path });
  expect(told(await second.attach(id))).toBe("Hello Pete");
});

test("a target without a handler is a failed attempt: it runs once its service is back", async () => {
  const path = temporaryDirectory();
  const first = await startEngine([], { path, retry: { initialIntervalMs: 1 } });
  const { id } = await first.send(greet, bytes("Pete"));
  await until(async () => ((await first.get(id))?.attempts ?? 0) > 1);
  await first.close();
  const second = await startEngine(
    [textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` })],
    { path },
  );
  expect(told(await second.attach(id))).toBe("Hello Pete");
});

test("a delayed send runs when it is due, also after a restart", async () => {
  const path = temporaryDirectory();
  const ranAt: number[] = [];
  const service = textService("Greeter", "unkeyed", {
    Greet: (name) => {
      ranAt.push(Date.now());
      return `Hello ${name}`;
    },
  });
  const first = await startEngine([service], { path });
  const { id, executeAt } = await first.send(greet, bytes("Pete"), { delayMs: 150 });
  expect(await first.get(id)).toMatchObject({ state: "scheduled", nextAttemptAt: executeAt });
  await first.close();
  const second = await startEngine([service], { path });
  expect(told(await second.attach(id))).toBe("Hello Pete");
  expect(ranAt).toHaveLength(1);
  expect(ranAt[0]).toBeGreaterThanOrEqual(executeAt?.getTime() ?? Number.POSITIVE_INFINITY);
});

test("a delayed send that is repeated tells the same time, due or not, ended or not, and after a restart", async () => {
  const path = temporaryDirectory();
  const service = textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` });
  const first = await startEngine([service], { path });
  const send = (engine: Engine) =>
    engine.send(greet, bytes("Pete"), { delayMs: 50, idempotency: { key: "once" } });
  const { id, executeAt } = await send(first);
  expect(executeAt).toBeInstanceOf(Date);
  expect(await send(first)).toEqual({ id, duplicate: true, executeAt });
  await first.attach(id);
  expect(await send(first)).toEqual({ id, duplicate: true, executeAt });
  await first.close();
  expect(await send(await startEngine([service], { path }))).toEqual({ id, duplicate: true, executeAt });
});

test("thousands of sends that are due at one moment all run", async () => {
  let count = 0;
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: () => {
        count += 1;
        return "";
      },
    }),
  ]);
  await Promise.all(Array.from({ length: 3_000 }, () => engine.send(greet, bytes(""), { delayMs: 300 })));
  await until(() => count === 3_000);
});

test("a malformed id is invalid, an unknown one is not found", async () => {
  const engine = await startEngine([]);
  const unknown = `inv_1${"0".repeat(33)}`;
  await expect(engine.attach("nonsense")).rejects.toMatchObject({ code: Code.InvalidArgument });
  await expect(engine.get(`inv_1${"Z".repeat(33)}`)).rejects.toMatchObject({ code: Code.InvalidArgument });
  await expect(engine.attach(unknown)).rejects.toMatchObject({ code: Code.NotFound });
  expect(await engine.get(unknown)).toBeUndefined();
});
