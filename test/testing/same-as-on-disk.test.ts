// One table of behaviours over time, run in a test environment and on an embedded engine on disk, behind sockets.
import { rmSync } from "node:fs";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { awakeables, ConnectError, InvocationState, invocation, restateError } from "restate-connect";
import { embedded } from "restate-connect/engine";
import { createIngress, type Service, service } from "restate-connect/ingress";
import { createTransport } from "restate-connect/node";
import { createTestEnvironment } from "restate-connect/testing";
import { describe, expect, it } from "vitest";
import { Signup } from "../../generated/org/example/accounts_pb.ts";
import { createSignupClient } from "../../generated/org/example/accounts_restate.ts";
import { Counter } from "../../generated/org/example/counter_pb.ts";
import { createCounterClient } from "../../generated/org/example/counter_restate.ts";
import { Greeter } from "../../generated/org/example/greeter_pb.ts";
import { createGreeterClient } from "../../generated/org/example/greeter_restate.ts";
import { failure } from "../support/failure.ts";
import { silentLogger } from "../support/loggers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

const retry = { initialIntervalMs: 20, maxAttempts: 3 };

/** Where the services run. */
interface Stage extends AsyncDisposable {
  readonly transport: Transport;
  /** Lets so many ms pass. */
  pass(ms: number): Promise<void>;
}

async function inEnvironment(services: readonly Service[], retentionMs: number): Promise<Stage> {
  const env = await createTestEnvironment({
    services,
    embedded: { retry, retentionMs },
    allowCancel: true,
    logger: silentLogger,
  });
  return {
    transport: env.transport,
    pass: (ms) => env.advance(ms),
    [Symbol.asyncDispose]: () => env.close(),
  };
}

async function onDisk(services: readonly Service[], retentionMs: number): Promise<Stage> {
  const path = temporaryFolder("on-disk");
  const engine = embedded({ retry, retentionMs, path, logger: silentLogger });
  const ingress = createIngress({ services, engine, allowCancel: true, logger: silentLogger });
  const { url } = await ingress.listen({ port: 0, adminPort: 0 });
  return {
    transport: createTransport({ baseUrl: url }),
    async pass(ms) {
      const end = performance.now() + ms;
      await until(() => performance.now() >= end);
    },
    async [Symbol.asyncDispose]() {
      await ingress.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** What an error says, without what differs from run to run. */
function told(error: ConnectError) {
  const { code, rawMessage } = error;
  const { source, metadata } = restateError(error) ?? {};
  return {
    code,
    message: rawMessage.replaceAll(/inv_1\w{33}/g, "inv_1"),
    source,
    names: Object.keys(metadata ?? {}),
  };
}

/** Headers of a response without those of HTTP itself. */
function namesOf(headers: Headers): readonly string[] {
  return [...headers.keys()].filter(
    (name) => !/^(connection|content-|date|keep-alive|transfer-|vary)/.test(name),
  );
}

interface Behaviour {
  readonly name: string;
  /** Default: a minute. */
  readonly retentionMs?: number;
  /** What happens, as plain data: it must be the same on both stages. */
  run(stage: Stage, log: string[]): Promise<unknown>;
  readonly same: unknown;
}

const behaviours: readonly Behaviour[] = [
  {
    name: "delayed sends run in the order of their times",
    async run({ transport, pass }, log) {
      const { send } = createGreeterClient(transport);
      const sent = await Promise.all([
        send.greet({ name: "third" }, { delay: 1_200 }),
        send.greet({ name: "first" }, { delay: 400 }),
        send.greet({ name: "second" }, { delay: 800 }),
      ]);
      await pass(1_200);
      await Promise.all(sent.map((one) => one.attach()));
      return log;
    },
    same: ["first 1", "second 1", "third 1"],
  },
  {
    name: "a failing handler is retried, and fails for good after the last attempt",
    async run({ transport, pass }, log) {
      const sent = await createGreeterClient(transport).send.greet({ name: "broken" });
      await pass(100);
      const error = told(await failure(sent.attach()));
      const { state, attempts, lastFailure } = await sent.get();
      return { log, error, state, attempts, code: lastFailure?.code };
    },
    same: {
      log: ["broken 1", "broken 2", "broken 3"],
      error: {
        code: 13,
        message: "org.example.Greeter/Greet failed (inv_1)",
        source: "invocation",
        names: [],
      },
      state: InvocationState.FAILED,
      attempts: 3,
      code: "internal",
    },
  },
  {
    name: "an invocation that is retried keeps its key, and the others keep their order",
    async run({ transport, pass }, log) {
      const { send } = createCounterClient(transport).key("pete");
      const sent = [
        await send.add({ value: 1n }),
        await send.add({ value: 2n }),
        await send.add({ value: 3n }),
      ];
      await pass(100);
      const values = await Promise.all(sent.map(async (one) => (await one.attach()).value));
      return { log, first: values[0] };
    },
    same: { log: ["add 1 1", "add 1 2", "add 2 1", "add 3 1"], first: 1n },
  },
  {
    name: "a key means one request, and another one is refused",
    async run({ transport }, log) {
      const { greet, send } = createGreeterClient(transport);
      const key = { idempotencyKey: "once" };
      const first = await send.greet({ name: "one" }, key);
      const { greeting } = await greet({ name: "one" }, key);
      const isSame = (await send.greet({ name: "one" }, key)).id === first.id;
      return { greeting, isSame, error: told(await failure(send.greet({ name: "two" }, key))), log };
    },
    same: {
      greeting: "one",
      isSame: true,
      error: {
        code: 6,
        message: "idempotency key was used with another request to org.example.Greeter/Greet (inv_1)",
        source: "ingress",
        names: [],
      },
      log: ["one 1"],
    },
  },
  {
    name: "an outcome is forgotten after its retention, and its key is free again",
    retentionMs: 300,
    async run({ transport, pass }, log) {
      const { send } = createGreeterClient(transport);
      const key = { idempotencyKey: "once" };
      const first = await send.greet({ name: "one" }, key);
      await until(() => log.length === 1);
      await pass(300);
      await until(() =>
        first.output().then(
          () => false,
          () => true,
        ),
      );
      const error = told(await failure(first.attach()));
      const second = await send.greet({ name: "two" }, key);
      await until(() => log.length === 2);
      return { error, isSame: second.id === first.id, log };
    },
    same: {
      error: {
        code: 5,
        message: "invocation inv_1 is not known, or its retention is over",
        source: "ingress",
        names: [],
      },
      isSame: true,
      log: ["one 1", "two 1"],
    },
  },
  {
    name: "a cancelled send ends with canceled, before its time and at work",
    async run({ transport }, log) {
      const { send } = createGreeterClient(transport);
      const later = await send.greet({ name: "later" }, { delay: 60_000 });
      await later.cancel();
      const atWork = await send.greet({ name: "awakeable" });
      await until(() => log.length > 0);
      await atWork.cancel();
      const errors = [await failure(later.attach()), await failure(atWork.attach())];
      return { errors: errors.map(told), log: log.length };
    },
    same: {
      errors: Array(2).fill({ code: 1, message: "canceled", source: "invocation", names: [] }),
      log: 1,
    },
  },
  {
    name: "an awakeable keeps its id and its value when its handler is retried",
    async run({ transport, pass }, log) {
      const sent = await createGreeterClient(transport).send.greet({ name: "awakeable" });
      await until(() => log.length > 0);
      await awakeables(transport).resolve(log[0] ?? "", StringValueSchema, { value: "fails first" });
      await pass(100);
      const { greeting } = await sent.attach();
      return { greeting, attempts: log.length, ids: new Set(log).size };
    },
    same: { greeting: "fails first", attempts: 2, ids: 1 },
  },
  {
    name: "a workflow runs once, and is found by its id",
    async run({ transport }) {
      const workflow = createSignupClient(transport).workflow("pete");
      const first = await workflow.submit({ email: "a@example.com" });
      const second = await workflow.submit({ email: "b@example.com" });
      const outcome = await invocation(transport, { method: Signup.method.run, workflowId: "pete" }).attach();
      return { same: first.id === second.id, account: outcome.account };
    },
    same: { same: true, account: "a@example.com" },
  },
  {
    name: "responses and errors have the same headers",
    async run({ transport }) {
      const { greet, send } = createGreeterClient(transport);
      const seen: (readonly string[])[] = [];
      const onHeader = (headers: Headers) => void seen.push(namesOf(headers));
      await greet({ name: "one" }, { onHeader });
      await greet({ name: "one" }, { onHeader, idempotencyKey: "headers" });
      await send.greet({ name: "one" }, { onHeader, delay: 60_000 });
      const error = await failure(createGreeterClient(transport).greet({ name: "refuse" }));
      return { seen, error: namesOf(error.metadata), told: told(error) };
    },
    same: {
      seen: [
        ["x-mine", "x-restate-id"],
        ["idempotency-expires", "x-mine", "x-restate-id"],
        ["x-restate-execution-time", "x-restate-id", "x-restate-send-status"],
      ],
      error: ["x-mine", "x-restate-error-source", "x-restate-id", "x-why"],
      told: { code: 9, message: "as asked", source: "invocation", names: ["x-mine", "x-why"] },
    },
  },
];

function services(log: string[]): readonly Service[] {
  return [
    service(Greeter, {
      async greet({ name }, ctx) {
        ctx.responseHeaders.set("x-mine", "1");
        if (name === "awakeable") {
          const { id, promise } = ctx.awakeable(StringValueSchema);
          log.push(id);
          const { value } = await promise;
          if (ctx.attempt === 1) {
            throw new Error(value);
          }
          return { greeting: value };
        }
        log.push(`${name} ${ctx.attempt}`);
        if (name === "broken") {
          throw new Error("broken");
        }
        if (name === "refuse") {
          throw new ConnectError("as asked", 9, { "x-why": "because" });
        }
        return { greeting: name };
      },
    }),
    service(Counter, {
      add({ value }, { attempt }) {
        log.push(`add ${value} ${attempt}`);
        if (value === 1n && attempt === 1) {
          throw new Error("once");
        }
        return { value };
      },
      get: () => ({}),
      reset: () => {},
    }),
    service(Signup, {
      run: ({ email }) => ({ account: email }),
      confirm: () => {},
      getStatus: () => ({}),
    }),
  ];
}

describe.each([
  ["in a test environment", inEnvironment],
  ["on an engine on disk", onDisk],
])("%s", (_, open) => {
  it.each(behaviours)("$name", async ({ run, same, retentionMs = 60_000 }) => {
    const log: string[] = [];
    await using stage = await open(services(log), retentionMs);
    expect(await run(stage, log)).toEqual(same);
  });
});
