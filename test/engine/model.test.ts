import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Attempt, Engine } from "../../src/engine/engine.ts";
import { embedded } from "../../src/engine/index.ts";
import type { InvocationInfo } from "../../src/model/invocation.ts";
import { silentLogger } from "../support/loggers.ts";
import { bytes, keyed, temporaryDirectory, text, textService, told, unkeyed, until } from "./support.ts";

/*
 * Random histories against a small model. A handler's outcome follows from its input, so that the model
 * knows it regardless of the engine's steps; what the model cannot know (was it canceled in time?) it
 * leaves open.
 */

type Operation =
  | {
      readonly kind: "send" | "call";
      readonly key: string | undefined;
      readonly input: string;
      readonly delayMs: number;
      readonly idempotencyKey: string | undefined;
      /** Of a key that nobody else uses; undefined: the engine's. */
      readonly retentionMs: number | undefined;
    }
  | { readonly kind: "cancel" | "kill" | "purge"; readonly which: number }
  /** Resolves the awakeables that handlers wait for. */
  | { readonly kind: "resolve" }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "restart" };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom("send", "call"),
      key: fc.constantFrom(undefined, "a", "b"),
      input: fc.constantFrom("ok", "slow", "flaky", "refused", "calls", "calls", "sends", "awaits", "awaits"),
      delayMs: fc.constantFrom(0, 0, 0, 15),
      idempotencyKey: fc.constantFrom(undefined, undefined, "x", "y"),
      retentionMs: fc.constantFrom(undefined, undefined, undefined, 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("cancel", "kill", "purge"), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("resolve") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pause"), ms: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
);

/** What the outcome must be, by input: a word that says what happens, and what makes it unique. */
function expected(input: string): string {
  return input.startsWith("refused") ? `${Code.PermissionDenied}: ${input}` : `did ${input}`;
}

/** A plain call has one attempt. */
function expectedOfPlain(input: string, service: string, id: string): string {
  return input.startsWith("flaky") || input.startsWith("sends")
    ? `${Code.Internal}: ${service}/Do failed (${id})`
    : expected(input);
}

const free = unkeyed("Free", "Do");

/** What a handler does for its input before it ends. Throws what must never be an outcome. */
async function act(input: string, attempt: Attempt, waiting: Set<string>): Promise<void> {
  const [word] = input.split(" ");
  if (word === "awaits") {
    const { id, value } = attempt.awakeable();
    waiting.add(id);
    expectText(text((await value).bytes), "resolved");
  } else if (word === "calls") {
    const below = [`awaits under ${input}`, `slow under ${input}`] as const;
    const calls = [
      attempt.call(free, bytes(below[0])),
      attempt.call(keyed("Keyed", "Do", "c"), bytes(below[1])),
    ];
    for (const [i, { outcome }] of (await Promise.all(calls)).entries()) {
      expectText(told(outcome), `did ${below[i]}`);
    }
  } else if (word === "sends") {
    // The second is forgotten at once when it has ended, and yet not sent again.
    await attempt.send(free, bytes(`ok under ${input}`));
    await attempt.send(free, bytes(`slow under ${input}`), {
      idempotency: { key: attempt.invocationId, retentionMs: 0 },
    });
  } else {
    await new Promise((resolve) => setTimeout(resolve, word === "slow" ? 8 : 0));
  }
  if ((word === "flaky" || word === "sends") && attempt.number === 1) {
    throw new Error("once more");
  }
}

/** A handler that sees something else ends as the model never says, unless it was stopped. */
function expectText(actual: string, wanted: string): void {
  if (actual !== wanted) {
    throw new ConnectError(`${actual}, not ${wanted}`, Code.DataLoss);
  }
}

/** Handlers that follow their input, and what they saw. Those of a former engine no longer count. */
function recorder() {
  const seen = {
    ended: [] as { readonly key: string; readonly input: string }[],
    overlaps: [] as string[],
    /** The awakeables that were asked for. */
    waiting: new Set<string>(),
    now: 0,
    most: 0,
  };
  const inside = new Map<string, string>();
  const handler = async (input: string, attempt: Attempt) => {
    const name = attempt.target.key ?? input;
    const other = inside.get(name);
    if (other !== undefined) {
      seen.overlaps.push(`${input} while ${other}`);
    }
    inside.set(name, input);
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    try {
      await act(input, attempt, seen.waiting);
      attempt.signal.throwIfAborted();
      seen.ended.push({ key: name, input });
      if (input.startsWith("refused")) {
        throw new ConnectError(input, Code.PermissionDenied);
      }
      return `did ${input}`;
    } finally {
      seen.now -= 1;
      if (inside.get(name) === input) {
        inside.delete(name);
      }
    }
  };
  const services = () => {
    inside.clear();
    return [textService("Free", "unkeyed", { Do: handler }), textService("Keyed", "keyed", { Do: handler })];
  };
  return { seen, services };
}

test("every accepted invocation ends as the model predicts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(1, 3),
      async (history, maxRunning) => {
        const late = new Promise<never>((_, reject) =>
          setTimeout(reject, 50_000, new Error("an invocation never ended")).unref(),
        );
        await Promise.race([play(history, maxRunning), late]);
      },
    ),
    { numRuns: Number(process.env.MODEL_RUNS ?? 12), endOnFailure: true },
  );
}, 300_000);

/** A durable invocation that was accepted. */
interface Known {
  readonly input: string;
  /** How it may have been stopped. */
  readonly stops: Set<string>;
  /** The scope of its idempotency key, which is free again once it was purged. */
  readonly scope: string | undefined;
  /** True when it may be forgotten as soon as it has ended. */
  readonly isFleeting: boolean;
}

async function play(history: readonly Operation[], maxRunning: number): Promise<void> {
  const path = temporaryDirectory();
  const { seen, services } = recorder();
  const start = async (): Promise<Engine> => {
    const engine = embedded({ path, logger: silentLogger, retry: { initialIntervalMs: 3 }, maxRunning });
    await engine.start(services());
    return engine;
  };
  let engine = await start();
  /** Durable invocations by id, and what the model knows. */
  const durable = new Map<string, Known>();
  /** What an idempotency key stands for, and how often it was purged. */
  const byIdempotency = new Map<string, Known>();
  const purges = new Map<string | undefined, number>();
  /** Not delayed, never stopped: the order in which they must end. */
  const order: { readonly key: string; readonly input: string }[] = [];
  /** Each resolves with what was wrong with it, if anything. */
  const calls: Promise<unknown>[] = [];

  try {
    for (const [i, step] of history.entries()) {
      switch (step.kind) {
        case "pause":
          await new Promise((resolve) => setTimeout(resolve, step.ms));
          break;
        case "restart":
          await engine.close({ drainMs: 0 });
          engine = await start();
          break;
        case "resolve":
          await resolveAll(engine, seen.waiting);
          break;
        case "cancel":
        case "kill":
        case "purge": {
          const ids = [...durable.keys()];
          const id = ids[step.which % Math.max(ids.length, 1)];
          const known = durable.get(id ?? "");
          if (id === undefined || known === undefined) {
            break;
          }
          if (step.kind === "purge") {
            const problem = await engine.purge(id).catch((error: unknown) => error);
            if (problem === undefined) {
              expect(await engine.get(id)).toBeUndefined();
              durable.delete(id);
              purges.set(known.scope, (purges.get(known.scope) ?? 0) + 1);
              byIdempotency.delete(known.scope ?? "");
            } else {
              const hasGone = known.isFleeting ? [Code.NotFound] : [];
              expect([Code.FailedPrecondition, ...hasGone]).toContain((problem as ConnectError).code);
            }
          } else {
            known.stops.add(step.kind === "kill" ? `${Code.Aborted}: killed` : `${Code.Canceled}: canceled`);
            await engine.cancel(id, step.kind).catch((error: ConnectError) => {
              expect(known.isFleeting && error.code).toBe(Code.NotFound);
            });
          }
          break;
        }
        case "send":
        case "call": {
          const target = { service: step.key === undefined ? "Free" : "Keyed", method: "Do", key: step.key };
          const isFleeting = step.retentionMs !== undefined;
          // One that may be forgotten at once has a key of its own: when that is free again nobody knows.
          const idempotencyKey = isFleeting ? `once ${i}` : step.idempotencyKey;
          const scope = idempotencyKey === undefined ? undefined : `${step.key}/${idempotencyKey}`;
          // With an idempotency key inputs repeat, so that a key meets the one it stands for, and others.
          const input = `${step.input} ${scope === undefined ? i : `${scope} ${i % 2} ${purges.get(scope) ?? 0}`}`;
          const first = byIdempotency.get(scope ?? "");
          const options =
            idempotencyKey === undefined
              ? {}
              : { idempotency: { key: idempotencyKey, ...(isFleeting ? { retentionMs: 0 } : {}) } };
          const isDurable = step.kind === "send" || idempotencyKey !== undefined;
          const known = first ?? { input, stops: new Set<string>(), scope, isFleeting };
          if (first !== undefined && first.input !== input) {
            const refused =
              step.kind === "send"
                ? engine.send(target, bytes(input), options)
                : engine.call(target, bytes(input), options);
            await expect(refused).rejects.toMatchObject({ code: Code.AlreadyExists });
            break;
          }
          if (scope !== undefined) {
            byIdempotency.set(scope, known);
          }
          if (step.kind === "send") {
            const { id, duplicate } = await engine.send(target, bytes(input), {
              ...options,
              delayMs: step.delayMs,
            });
            expect(duplicate).toBe(first !== undefined);
            if (!duplicate) {
              durable.set(id, known);
            }
            if (!duplicate && step.delayMs === 0 && step.key !== undefined) {
              order.push({ key: step.key, input });
            }
          } else {
            const checked = engine.call(target, bytes(input), options).then(
              ({ id, outcome }) => {
                const plain = expectedOfPlain(input, target.service, id);
                expect(isDurable ? [expected(input), ...known.stops] : [plain]).toContain(told(outcome));
              },
              // Only a restart ends the wait for a call.
              (error: unknown) => expect(error).toMatchObject({ code: Code.Unavailable }),
            );
            calls.push(
              checked.then(
                () => undefined,
                (error: unknown) => error,
              ),
            );
            if (isDurable && first === undefined) {
              // Its id is known once it is accepted: a send with the same key returns it.
              const { id, duplicate } = await engine.send(target, bytes(input), options);
              expect(duplicate || isFleeting).toBe(true);
              durable.set(id, known);
            }
          }
        }
      }
    }
    let areAnswered = false;
    const answered = Promise.all(calls).finally(() => {
      areAnswered = true;
    });
    const settled = settle(engine, seen.waiting, () => areAnswered);
    for (const [id, { input, stops, isFleeting }] of durable) {
      const outcome = await engine.attach(id).catch((error: ConnectError) => {
        expect(isFleeting && error.code).toBe(Code.NotFound);
      });
      if (outcome !== undefined) {
        expect([expected(input), ...stops]).toContain(told(outcome));
        const states = [outcome.ok ? "succeeded" : "failed", ...(isFleeting ? [undefined] : [])];
        expect(states).toContain((await engine.get(id))?.state);
      }
    }
    expect((await answered).filter((problem) => problem !== undefined)).toEqual([]);
    await settled;
    const wasKilled = history.some(({ kind }) => kind === "kill");
    if (!wasKilled) {
      expect(seen.overlaps).toEqual([]);
      expectOrder(seen.ended, order);
      const inputs = seen.ended.map(({ input }) => input);
      if (!history.some(({ kind }) => kind === "restart")) {
        // Without a crash nothing is done twice, not even by a repeated attempt.
        expect(inputs.toSorted()).toEqual([...new Set(inputs)].toSorted());
      }
    }
    const { invocations } = await engine.list({ pageSize: 1_000 });
    const listed = new Set(invocations.map(({ id }) => id));
    expect([...durable].filter(([id, { isFleeting }]) => !isFleeting && !listed.has(id))).toEqual([]);
    const unknown = ({ id, invokedBy }: InvocationInfo) => invokedBy === undefined && !durable.has(id);
    expect(invocations.filter(unknown)).toEqual([]);
    for (const [id, { input, scope }] of durable) {
      const children = invocations.filter(({ invokedBy }) => invokedBy === id).length;
      expectChildren(input, (await engine.get(id))?.state, children, 1 + (purges.get(scope) ?? 0));
    }
    // What was to be forgotten is, and so the counts are those of the list.
    await until(async () => {
      const counted = (await engine.count()).reduce((sum, { count }) => sum + count, 0);
      return counted === (await engine.list({ pageSize: 1_000 })).invocations.length;
    });
    // After all stops, retries and crashes, every place is free again, and no more than that.
    await until(() => seen.now === 0);
    seen.most = 0;
    const more = await Promise.all(
      Array.from({ length: 3 * maxRunning }, (_, i) => engine.send(free, bytes(`slow last ${i}`))),
    );
    await Promise.all(more.map(({ id }) => engine.attach(id)));
    expect(seen.most).toBe(maxRunning);
  } finally {
    await engine.close({ drainMs: 0 });
  }
}

async function resolveAll(engine: Engine, waiting: Set<string>): Promise<void> {
  const ids = [...waiting];
  waiting.clear();
  for (const id of ids) {
    await engine.awakeables.resolve(id, { format: "json", bytes: bytes("resolved") });
  }
}

/** Resolves what is waited for until everything has ended, plain calls included. */
async function settle(engine: Engine, waiting: Set<string>, areAnswered: () => boolean): Promise<void> {
  await until(async () => {
    await resolveAll(engine, waiting);
    const counts = await engine.count();
    return areAnswered() && counts.every(({ state }) => state === "succeeded" || state === "failed");
  });
}

/** A repeated attempt finds the calls and sends of the one before. */
function expectChildren(input: string, state: string | undefined, children: number, lives: number): void {
  const isParent = input.startsWith("calls") || input.startsWith("sends");
  expect(children).toBeLessThanOrEqual(isParent ? 2 * lives : 0);
  if (isParent && state === "succeeded") {
    // One of the sends may be forgotten.
    expect(children).toBeGreaterThanOrEqual(input.startsWith("calls") ? 2 : 1);
  }
}

/** The first ends of those in `order` come in that order, key by key. */
function expectOrder(
  ended: readonly { readonly key: string; readonly input: string }[],
  order: readonly { readonly key: string; readonly input: string }[],
): void {
  for (const key of ["a", "b"]) {
    const firstEnds = [...new Set(ended.filter((one) => one.key === key).map(({ input }) => input))];
    const accepted = order.filter((one) => one.key === key).map(({ input }) => input);
    const inOrder = firstEnds.filter((input) => accepted.includes(input));
    expect(inOrder).toEqual(accepted.filter((input) => inOrder.includes(input)));
  }
}
