import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { awakeables, Code, ConnectError, InvocationState, invocation } from "restate-connect";
import { service } from "restate-connect/ingress";
import { createTestEnvironment, type Duration, type TestEnvironmentOptions } from "restate-connect/testing";
import { createTransport } from "restate-connect/web";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter, GreetResponseSchema } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { createGreeterJsonClient } from "../../generated/org/example/greeter_restate_json.ts";
import { failure } from "../support/failure.ts";
import { recordingLogger, silentLogger } from "../support/loggers.ts";

type Greet = Parameters<typeof service<typeof Greeter>>[1]["greet"];

const greetings: Greet = ({ name }) => ({ greeting: `Hello ${name}` });

async function environment(greet: Greet = greetings, options: Partial<TestEnvironmentOptions> = {}) {
  const env = await createTestEnvironment({
    services: [service(Greeter, { greet })],
    logger: silentLogger,
    ...options,
  });
  onTestFinished(() => env.close());
  return { env, client: createGreeterClient(env.transport) };
}

describe("the time of a test environment", () => {
  it("begins with the time that is given, and stands still", async () => {
    const { env } = await environment(greetings, { now: new Date("2030-01-01") });
    await env.idle();
    expect(env.now()).toEqual(new Date("2030-01-01"));
  });

  it("lets 30 days pass at once, and runs what is due by then", async () => {
    const { env, client } = await environment(greetings, { now: new Date("2030-01-01") });
    const month = 30 * 86_400_000;
    const sent = await client.send.greet({ name: "Pete" }, { delay: month });
    await env.advance({ days: 29, hours: 23, minutes: 59, seconds: 59, milliseconds: 999 });
    expect(await sent.output()).toBeUndefined();
    await env.advance(1);
    expect(await sent.output()).toMatchObject({ greeting: "Hello Pete" });
    expect(env.now()).toEqual(new Date("2030-01-31"));
  });

  it("runs in the order of due times, each at its own", async () => {
    const ran: [string, string][] = [];
    const { env, client } = await environment(
      async ({ name }, ctx) => {
        ran.push([name, env.now().toISOString()]);
        if (name === "b") {
          await ctx.client(createGreeterClient).send.greet({ name: "sent by b" }, { delay: 500 });
        }
        return {};
      },
      { now: new Date("2030-01-01") },
    );
    await client.send.greet({ name: "c" }, { delay: 3_000 });
    await client.send.greet({ name: "a" }, { delay: 1_000 });
    await client.send.greet({ name: "b" }, { delay: 2_000 });
    await env.advance({ minutes: 1 });
    expect(ran).toEqual([
      ["a", "2030-01-01T00:00:01.000Z"],
      ["b", "2030-01-01T00:00:02.000Z"],
      ["sent by b", "2030-01-01T00:00:02.500Z"],
      ["c", "2030-01-01T00:00:03.000Z"],
    ]);
  });

  it("passes for retries by the intervals of the policy", async () => {
    const attempts: number[] = [];
    const { env, client } = await environment(
      (_, { attempt }) => {
        attempts.push(env.now().getTime());
        if (attempt < 5) {
          throw new Error("not yet");
        }
        return { greeting: `attempt ${attempt}` };
      },
      { now: new Date(0), embedded: { retry: { initialIntervalMs: 100, factor: 3, maxIntervalMs: 1_000 } } },
    );
    const sent = await client.send.greet({ name: "Pete" });
    await env.advance({ hours: 1 });
    expect(attempts).toEqual([0, 100, 400, 1_300, 2_300]);
    expect(await sent.attach()).toMatchObject({ greeting: "attempt 5" });
  });

  it("passes to what is next, until nothing waits for it", async () => {
    const { env, client } = await environment(greetings, { now: new Date(0) });
    await client.send.greet({ name: "a" }, { delay: 2_000 });
    await client.send.greet({ name: "b" }, { delay: 7_000 });
    expect(await env.advanceToNext()).toBe(true);
    expect(env.now().getTime()).toBe(2_000);
    expect(await env.advanceToNext()).toBe(true);
    expect(env.now().getTime()).toBe(7_000);
    expect(await env.advanceToNext()).toBe(false);
    expect(env.now().getTime()).toBe(7_000);
  });

  it("ends the retention of an outcome", async () => {
    const { env, client } = await environment(greetings, { embedded: { retentionMs: 60_000 } });
    const sent = await client.send.greet({ name: "Pete" }, { idempotencyKey: "once" });
    await sent.attach();
    await env.advance({ seconds: 59 });
    expect((await client.send.greet({ name: "Pete" }, { idempotencyKey: "once" })).id).toBe(sent.id);
    await env.advance({ seconds: 1 });
    expect(await failure(sent.attach())).toMatchObject({ code: Code.NotFound });
    await client.send.greet({ name: "another" }, { idempotencyKey: "once" });
    expect(env.sends(Greeter.method.greet).map(({ message }) => message.name)).toEqual(["Pete", "another"]);
  });

  it("takes parts of a millisecond for a whole one", async () => {
    const { env, client } = await environment(greetings, { now: new Date(0) });
    await env.advance(0.5);
    expect(env.now().getTime()).toBe(1);
    expect(await client.send.greet({ name: "Pete" })).toBeDefined();
  });

  it("passes in turn when advance is called twice at once", async () => {
    const { env, client } = await environment(greetings, { now: new Date(0) });
    await client.send.greet({ name: "a" }, { delay: 1_500 });
    await Promise.all([env.advance(1_000), env.advance(1_000)]);
    expect(env.now().getTime()).toBe(2_000);
    expect(await env.advanceToNext()).toBe(false);
  });

  it.each([
    [-1, "advance() was given -1 milliseconds: give a finite number, 0 or more"],
    [{ minutes: Number.NaN }, "advance() was given NaN minutes: give a finite number, 0 or more"],
    [
      { fortnights: 1 } as Duration,
      "advance() knows no fortnights: give days, hours, minutes, seconds, milliseconds",
    ],
  ])("does not pass by %o", async (duration, message) => {
    const { env } = await environment();
    await expect(env.advance(duration)).rejects.toThrow(new RangeError(message));
  });

  it("is not that of fake timers", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { env, client } = await environment(({ name }, { attempt }) => {
      if (attempt === 1) {
        throw new Error("try again");
      }
      return { greeting: name };
    });
    const sent = await client.send.greet({ name: "Pete" }, { delay: 5_000 });
    await env.advance({ minutes: 1 });
    expect(await sent.attach()).toMatchObject({ greeting: "Pete" });
  });

  it("is explained to a caller who waits for it", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { logger, entries } = recordingLogger();
    const { env, client } = await environment(greetings, { now: new Date("2030-01-01"), logger });
    const sent = await client.send.greet({ name: "Pete" }, { delay: 60_000 });
    const outcome = sent.attach();
    await env.idle();
    vi.advanceTimersByTime(2_000);
    expect(entries).toMatchObject([
      {
        level: "warn",
        message:
          "a caller has waited for 2 s, and the time of the test environment stands still: the next delayed send or " +
          "retry is due at 2030-01-01T00:01:00.000Z. Let time pass: await env.advance(…)",
      },
    ]);
    await env.advance({ minutes: 1 });
    expect(await outcome).toMatchObject({ greeting: "Hello Pete" });
  });

  it("does not pass in a closed environment", async () => {
    const { env, client } = await environment();
    await env.close();
    await expect(env.advance(1)).rejects.toThrow("the test environment is closed");
    expect(await failure(client.greet({ name: "Pete" }))).toMatchObject({
      code: Code.Unavailable,
      rawMessage: "the engine is closing",
    });
  });
});

describe("idle()", () => {
  it("waits for handlers at work, and not for those that wait for an awakeable", async () => {
    const ids: string[] = [];
    const { env, client } = await environment(async (_, ctx) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { id, promise } = ctx.awakeable(StringValueSchema);
      ids.push(id);
      return { greeting: (await promise).value };
    });
    const answer = client.greet({ name: "Pete" });
    const sent = await client.send.greet({ name: "Pete" });
    await env.idle();
    expect(ids).toHaveLength(2);
    for (const id of ids) {
      await awakeables(env.transport).resolve(id, StringValueSchema, { value: "done" });
    }
    await env.idle();
    expect(await sent.output()).toMatchObject({ greeting: "done" });
    expect(await answer).toMatchObject({ greeting: "done" });
  });

  it("waits for a request that is being authenticated", async () => {
    let ran = false;
    const { env, client } = await environment(
      () => {
        ran = true;
        return {};
      },
      { authenticate: () => new Promise((resolve) => setTimeout(resolve, 20)) },
    );
    const answer = client.greet({ name: "Pete" });
    await env.idle();
    expect(ran).toBe(true);
    await answer;
  });
});

describe("sends()", () => {
  it("shows what was sent, by callers and by handlers, each once", async () => {
    await using env = await createTestEnvironment({
      services: [
        service(Greeter, {
          async greet({ name }, ctx) {
            await ctx.client(createCounterClient).key(name).send.add({ value: 2n }, { delay: 1_000 });
            if (ctx.attempt === 1) {
              throw new Error("try again");
            }
            return {};
          },
        }),
        service(Counter, { add: ({ value }) => ({ value }), get: () => ({}), reset: () => {} }),
      ],
      logger: silentLogger,
    });
    const { send } = createGreeterClient(env.transport);
    const options = { idempotencyKey: "once", headers: { "x-from": "test" } };
    await send.greet({ name: "Pete" }, options);
    await send.greet({ name: "Pete" }, options);
    await env.advance({ hours: 1 });

    const [greet, ...others] = env.sends(Greeter.method.greet);
    expect(others).toEqual([]);
    expect(greet).toMatchObject({
      method: Greeter.method.greet,
      key: undefined,
      message: { name: "Pete" },
      delay: undefined,
      idempotencyKey: "once",
    });
    expect(greet?.headers.get("x-from")).toBe("test");
    const [add] = env.sends(Counter.method.add);
    expect(add).toMatchObject({ key: "Pete", message: { counter: "Pete", value: 2n }, delay: 1_000 });
    expect((await add?.invocation.attach())?.value).toBe(2n);
    expect(await add?.invocation.get()).toMatchObject({
      state: InvocationState.SUCCEEDED,
      invokedBy: greet?.invocation.id,
    });
    expect(env.sends().map(({ method }) => method.name)).toEqual(["Greet", "Add"]);
  });
});

describe("clients of a test environment", () => {
  it("may be of any kind that takes a fetch", async () => {
    const { env } = await environment();
    const json = createGreeterJsonClient({ baseUrl: "http://localhost:8080", fetch: env.fetch });
    expect(await json.greet({ name: "Json" })).toMatchObject({ greeting: "Hello Json" });
    const { id } = await json.send.greet({ name: "Json" });
    expect(await invocation(env.transport, id, GreetResponseSchema).attach()).toMatchObject({
      greeting: "Hello Json",
    });
    const transport = createTransport({
      baseUrl: "http://localhost:8080",
      protocol: "grpc-web",
      fetch: env.fetch,
    });
    expect(await createGreeterClient(transport).greet({ name: "Web" })).toMatchObject({
      greeting: "Hello Web",
    });
  });

  it("stop waiting when their signals abort", async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const { client } = await environment((_, { signal }) => {
      started.resolve(signal);
      return new Promise(() => {});
    });
    const controller = new AbortController();
    const answer = failure(client.greet({ name: "Pete" }, { signal: controller.signal }));
    const signal = await started.promise;
    controller.abort();
    expect((await answer).code).toBe(Code.Canceled);
    expect(signal.aborted).toBe(true);
  });

  it("pass authenticate and the interceptors", async () => {
    const seen: string[] = [];
    const { client } = await environment(greetings, {
      authenticate({ headers }) {
        if (headers.get("authorization") !== "Bearer pete") {
          throw new ConnectError("who are you?", Code.Unauthenticated);
        }
      },
      interceptors: [
        (next) => async (request) => {
          seen.push(request.method.name);
          return await next(request);
        },
      ],
    });
    expect(await failure(client.send.greet({ name: "Pete" }))).toMatchObject({ code: Code.Unauthenticated });
    const headers = { authorization: "Bearer pete" };
    await client.send.greet({ name: "Pete" }, { headers });
    await client.greet({ name: "Pete" }, { headers });
    expect(seen).toEqual(["Greet", "Greet"]);
  });
});

it("is refused for what createIngress refuses", async () => {
  const greeter = service(Greeter, { greet: greetings });
  await expect(createTestEnvironment({ services: [greeter, greeter] })).rejects.toThrow(
    "org.example.Greeter",
  );
  await expect(
    createTestEnvironment({ services: [greeter], embedded: { retry: { factor: 0 } } }),
  ).rejects.toThrow("retry.factor");
  const misspelt = { services: [greeter], embeded: {} } as TestEnvironmentOptions;
  await expect(createTestEnvironment(misspelt)).rejects.toThrow(
    "createTestEnvironment has no option embeded: did you mean embedded?",
  );
  await expect(createTestEnvironment({ services: [greeter], now: new Date(Number.NaN) })).rejects.toThrow(
    "option now of createTestEnvironment() is an invalid date",
  );
});
