import { Code, ConnectError } from "@connectrpc/connect";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { embedded } from "../../src/engine/index.ts";
import { bytes, temporaryDirectory, textService, told, until } from "./support.ts";

/*
 * Random histories against a small model. A handler's outcome follows from its input, so that the model
 * knows it whatever the engine does in between; what the model cannot know (was it cancelled in time?) it
 * leaves open.
 */

const maxRunning = 3;

type Operation =
  | {
      readonly kind: "send" | "call";
      readonly key: string | undefined;
      readonly input: string;
      readonly delayMs: number;
      readonly idempotencyKey: string | undefined;
    }
  | { readonly kind: "cancel" | "kill"; readonly which: number }
  | { readonly kind: "pause"; readonly ms: number }
  | { readonly kind: "restart" };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom("send", "call"),
      key: fc.constantFrom(undefined, "a", "b"),
      input: fc.constantFrom("ok", "slow", "flaky", "refused"),
      delayMs: fc.constantFrom(0, 0, 0, 15),
      idempotencyKey: fc.constantFrom(undefined, undefined, "x", "y"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("cancel", "kill"), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pause"), ms: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
);

/** What the outcome must be, by input: a word that says what happens, and what makes it unique. */
function expected(input: string): string {
  return input.startsWith("refused") ? `${Code.PermissionDenied}: ${input}` : `did ${input}`;
}

/** A plain call has one attempt. */
function expectedOfPlain(input: string, service: string, id: string): string {
  return input.startsWith("flaky") ? `${Code.Internal}: ${service}/Do failed (${id})` : expected(input);
}

/** Handlers that follow their input, and what they saw. Those of a former engine no longer count. */
function recorder() {
  const seen = {
    ended: [] as { readonly key: string; readonly input: string }[],
    overlaps: [] as string[],
    now: 0,
    most: 0,
  };
  const inside = new Map<string, string>();
  const handler = async (input: string, key: string | undefined, number: number, signal: AbortSignal) => {
    const name = key ?? input;
    const other = inside.get(name);
    if (other !== undefined) {
      seen.overlaps.push(`${input} while ${other}`);
    }
    inside.set(name, input);
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    try {
      await new Promise((resolve) => setTimeout(resolve, input.startsWith("slow") ? 8 : 0));
      if (input.startsWith("flaky") && number === 1) {
        throw new Error("once more");
      }
      signal.throwIfAborted();
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
    return [
      textService("Free", "unkeyed", {
        Do: (input, { number, signal }) => handler(input, undefined, number, signal),
      }),
      textService("Keyed", "keyed", {
        Do: (input, { number, signal, target }) => handler(input, target.key, number, signal),
      }),
    ];
  };
  return { seen, services };
}

test("whatever happens, every accepted invocation ends as the model says", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 40 }), async (history) => {
      const late = new Promise<never>((_, reject) =>
        setTimeout(reject, 60_000, new Error("an invocation never ended")).unref(),
      );
      await Promise.race([play(history), late]);
    }),
    { numRuns: Number(process.env.MODEL_RUNS ?? 12), endOnFailure: true },
  );
}, 300_000);

async function play(history: readonly Operation[]): Promise<void> {
  const path = temporaryDirectory();
  const { seen, services } = recorder();
  const start = async (): Promise<Engine> => {
    const engine = embedded({ path, log: () => undefined, retry: { initialIntervalMs: 3 }, maxRunning });
    await engine.start(services());
    return engine;
  };
  let engine = await start();
  /** Durable invocations by id, and what the model knows. */
  const durable = new Map<string, { readonly input: string; readonly stops: Set<string> }>();
  /** The input that an idempotency key stands for. */
  const byIdempotency = new Map<string, string>();
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
        case "cancel":
        case "kill": {
          const ids = [...durable.keys()];
          const id = ids[step.which % Math.max(ids.length, 1)];
          const known = durable.get(id ?? "");
          if (id !== undefined && known !== undefined) {
            known.stops.add(step.kind === "kill" ? `${Code.Aborted}: killed` : `${Code.Canceled}: canceled`);
            await engine.cancel(id, step.kind);
          }
          break;
        }
        case "send":
        case "call": {
          const target = { service: step.key === undefined ? "Free" : "Keyed", method: "Do", key: step.key };
          const scope = `${step.key}/${step.idempotencyKey}`;
          // With an idempotency key inputs repeat, so that a key meets the one it stands for, and others.
          const input = `${step.input} ${step.idempotencyKey === undefined ? i : `${scope} ${i % 2}`}`;
          const first = step.idempotencyKey === undefined ? undefined : byIdempotency.get(scope);
          const options =
            step.idempotencyKey === undefined ? {} : { idempotency: { key: step.idempotencyKey } };
          const isDurable = step.kind === "send" || step.idempotencyKey !== undefined;
          if (first !== undefined && first !== input) {
            const refused =
              step.kind === "send"
                ? engine.send(target, bytes(input), options)
                : engine.call(target, bytes(input), options);
            await expect(refused).rejects.toMatchObject({ code: Code.AlreadyExists });
            break;
          }
          if (step.idempotencyKey !== undefined) {
            byIdempotency.set(scope, input);
          }
          if (step.kind === "send") {
            const { id, duplicate } = await engine.send(target, bytes(input), {
              ...options,
              delayMs: step.delayMs,
            });
            expect(duplicate).toBe(first !== undefined);
            if (!duplicate) {
              durable.set(id, { input, stops: new Set() });
            }
            if (!duplicate && step.delayMs === 0 && step.key !== undefined) {
              order.push({ key: step.key, input });
            }
          } else {
            const checked = engine.call(target, bytes(input), options).then(
              ({ id, outcome }) => {
                const plain = expectedOfPlain(input, target.service, id);
                const stops = durable.get(id)?.stops ?? [];
                expect(isDurable ? [expected(input), ...stops] : [plain]).toContain(told(outcome));
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
              // Its id is known once it is accepted; a send with the same key tells it.
              const { id, duplicate } = await engine.send(target, bytes(input), options);
              expect(duplicate).toBe(true);
              durable.set(id, { input, stops: new Set() });
            }
          }
        }
      }
    }
    for (const [id, { input, stops }] of durable) {
      expect([expected(input), ...stops]).toContain(told(await engine.attach(id)));
      expect((await engine.get(id))?.state).toBe((await engine.attach(id)).ok ? "succeeded" : "failed");
    }
    expect((await Promise.all(calls)).filter((problem) => problem !== undefined)).toEqual([]);
    const wasKilled = history.some(({ kind }) => kind === "kill");
    if (!wasKilled) {
      expect(seen.overlaps).toEqual([]);
      expectOrder(seen.ended, order);
    }
    const counts = await engine.count();
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(durable.size);
    expect(counts.every(({ state }) => state === "succeeded" || state === "failed")).toBe(true);
    // Whatever was stopped, retried or left behind: all places are free again, and no more than those.
    await until(() => seen.now === 0);
    seen.most = 0;
    const free = { service: "Free", method: "Do", key: undefined };
    const more = await Promise.all(
      Array.from({ length: 3 * maxRunning }, (_, i) => engine.send(free, bytes(`slow last ${i}`))),
    );
    await Promise.all(more.map(({ id }) => engine.attach(id)));
    expect(seen.most).toBe(maxRunning);
  } finally {
    await engine.close({ drainMs: 0 });
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
