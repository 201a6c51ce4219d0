import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
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

test("a plain call is answered once and then forgotten", async () => {
  const engine = await startEngine([textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` })]);
  const { id, outcome, expiresAt } = await engine.call(greet, bytes("Pete"));
  expect(told(outcome)).toBe("Hello Pete");
  expect(expiresAt).toBeUndefined();
  expect(await engine.get(id)).toBeUndefined();
});

test("a running plain call can be seen and attached to", async () => {
  const door = gate();
  let id = "";
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: async (name, { invocationId }) => {
        id = invocationId;
        await door.opened;
        return `Hello ${name}`;
      },
    }),
  ]);
  const call = engine.call(greet, bytes("Pete"));
  await until(() => id !== "");
  expect(await engine.get(id)).toMatchObject({ state: "running", attempts: 1 });
  expect(await engine.output(id)).toBeUndefined();
  const attached = engine.attach(id);
  door.open();
  expect(told(await attached)).toBe("Hello Pete");
  expect((await call).id).toBe(id);
  await expect(engine.output(id)).rejects.toMatchObject({ code: Code.NotFound });
});

test("an error of a plain call is answered as internal, and told to the log only", async () => {
  const { logger, entries } = recordingLogger();
  const engine = await startEngine(
    [
      textService("Greeter", "unkeyed", {
        Greet: () => {
          throw new Error("secret");
        },
      }),
    ],
    { logger },
  );
  const { id, outcome } = await engine.call(greet, bytes(""));
  expect(told(outcome)).toBe(`${Code.Internal}: Greeter/Greet failed (${id})`);
  expect(entries).toEqual([
    {
      level: "error",
      message: expect.stringContaining("not retried"),
      fields: { method: "Greeter/Greet", invocation: id, attempt: 1, error: new Error("secret") },
    },
  ]);
});

test("a caller that goes away aborts the handler of its plain call", async () => {
  let seen: unknown;
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            seen = signal.reason;
            resolve("");
          });
        }),
    }),
  ]);
  const caller = new AbortController();
  const call = engine.call(greet, bytes(""), { signal: caller.signal });
  const reason = new ConnectError("the deadline has passed", Code.DeadlineExceeded);
  setTimeout(() => caller.abort(reason), 10);
  await expect(call).rejects.toBe(reason);
  expect(seen).toBe(reason);
});

test("concurrent calls with one idempotency key are one invocation, later ones get its outcome", async () => {
  const door = gate();
  let runs = 0;
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: async (name) => {
        runs += 1;
        await door.opened;
        return `Hello ${name} ${runs}`;
      },
    }),
  ]);
  const options = { idempotency: { key: "k1" } };
  const calls = Array.from({ length: 5 }, () => engine.call(greet, bytes("Pete"), options));
  await until(() => runs > 0);
  const sent = await engine.send(greet, bytes("Pete"), options);
  expect(sent.duplicate).toBe(true);
  door.open();
  const results = await Promise.all(calls);
  results.push(await engine.call(greet, bytes("Pete"), options));
  expect(new Set(results.map(({ outcome }) => told(outcome)))).toEqual(new Set(["Hello Pete 1"]));
  expect(new Set(results.map(({ id }) => id))).toEqual(new Set([sent.id]));
  expect(new Set(results.map(({ expiresAt }) => expiresAt?.getTime())).size).toBe(1);
  expect(runs).toBe(1);
});

test("repeated delayed sends with an idempotency key are one invocation, and return its due time each time", async () => {
  let runs = 0;
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: () => {
        runs += 1;
        return "done";
      },
    }),
  ]);
  const options = { idempotency: { key: "k1" }, delayMs: 400 };
  const first = await engine.send(greet, bytes(""), options);
  const second = await engine.send(greet, bytes(""), { ...options, delayMs: 1 });
  expect(second).toEqual({ ...first, duplicate: true });
  expect(told(await engine.attach(first.id))).toBe("done");
  const third = await engine.send(greet, bytes(""), options);
  expect(third).toEqual({ ...first, duplicate: true });
  expect(runs).toBe(1);
});

test("an error is replayed as well", async () => {
  let runs = 0;
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: () => {
        runs += 1;
        throw new ConnectError("no", Code.PermissionDenied);
      },
    }),
  ]);
  const options = { idempotency: { key: "k1" } };
  const first = await engine.call(greet, bytes(""), options);
  expect(told(first.outcome)).toBe(`${Code.PermissionDenied}: no`);
  expect(await engine.call(greet, bytes(""), options)).toEqual(first);
  expect(runs).toBe(1);
});

test("an idempotency key that was used with another input is refused", async () => {
  const engine = await startEngine([textService("Greeter", "unkeyed", { Greet: (name) => `Hello ${name}` })]);
  const options = { idempotency: { key: "k1" } };
  await engine.call(greet, bytes("Pete"), options);
  await expect(engine.call(greet, bytes("Paul"), options)).rejects.toMatchObject({
    code: Code.AlreadyExists,
  });
  await expect(engine.send(greet, bytes("Paul"), options)).rejects.toMatchObject({
    code: Code.AlreadyExists,
  });
});

test("idempotency keys are apart by service, method and object key", async () => {
  const echo = { A: (input: string) => `A ${input}`, B: (input: string) => `B ${input}` };
  const engine = await startEngine([textService("One", "keyed", echo), textService("Two", "keyed", echo)]);
  const options = { idempotency: { key: "k1" } };
  const targets = ["One", "Two"].flatMap((service) =>
    ["A", "B"].flatMap((method) => ["x", "y"].map((key) => ({ service, method, key }))),
  );
  const results = await Promise.all(targets.map((target) => engine.call(target, bytes(target.key), options)));
  expect(new Set(results.map(({ id }) => id)).size).toBe(targets.length);
});

test("after its retention an outcome is forgotten and the key free again", async () => {
  let runs = 0;
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: () => {
        runs += 1;
        return String(runs);
      },
    }),
  ]);
  const options = { idempotency: { key: "k1", retentionMs: 40 } };
  const first = await engine.call(greet, bytes(""), options);
  expect(told(first.outcome)).toBe("1");
  await until(() => Date.now() > (first.expiresAt?.getTime() ?? 0));
  const again = await engine.call(greet, bytes(""), options);
  expect(told(again.outcome)).toBe("2");
  // And the store lets go of it by itself.
  await until(async () => (await engine.count()).length === 0);
});

test("a call with an idempotency key is retried, and survives a restart", async () => {
  const path = temporaryDirectory();
  const options = { idempotency: { key: "k1" } };
  const first = await startEngine(
    [textService("Greeter", "unkeyed", { Greet: () => new Promise<string>(() => undefined) })],
    { path },
  );
  const lost = first.call(greet, bytes("Pete"), options);
  await until(async () => (await first.count()).some(({ state }) => state === "running"));
  await first.close({ drainMs: 0 });
  await expect(lost).rejects.toMatchObject({ code: Code.Unavailable });
  const second = await startEngine(
    [
      textService("Greeter", "unkeyed", {
        Greet: (name, { number }) => {
          if (number === 1) {
            throw new Error("not yet");
          }
          return `Hello ${name} ${number}`;
        },
      }),
    ],
    { path, retry: { initialIntervalMs: 1 } },
  );
  const { outcome } = await second.call(greet, bytes("Pete"), options);
  expect(told(outcome)).toBe("Hello Pete 2");
});

test("aborting a call with an idempotency key ends the wait only", async () => {
  const door = gate();
  const engine = await startEngine([
    textService("Greeter", "unkeyed", {
      Greet: async (_, { signal }) => door.opened.then(() => String(signal.aborted)),
    }),
  ]);
  const options = { idempotency: { key: "k1" } };
  const caller = new AbortController();
  const call = engine.call(greet, bytes(""), { ...options, signal: caller.signal });
  await until(async () => (await engine.count()).some(({ state }) => state === "running"));
  caller.abort(new ConnectError("gone", Code.Canceled));
  await expect(call).rejects.toMatchObject({ rawMessage: "gone" });
  door.open();
  expect(told((await engine.call(greet, bytes(""), options)).outcome)).toBe("false");
});
