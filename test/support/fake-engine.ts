import { randomBytes } from "node:crypto";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Attempt, Engine, Outcome, ServiceHandlers, Target } from "../../src/engine/engine.ts";
import { failureFrom } from "../../src/engine/failure.ts";

/** Runs everything at once, in memory. */
export function fakeEngine(): Engine {
  const services = new Map<string, ServiceHandlers>();
  const outcomes = new Map<string, Promise<Outcome>>();
  const none = new AbortController().signal;
  const newId = (): string => `inv_1${randomBytes(17).toString("hex").slice(0, 33)}`;

  function run(
    id: string,
    target: Target,
    input: Uint8Array,
    options: { headers?: Attempt["headers"]; signal?: AbortSignal } = {},
  ): Promise<Outcome> {
    const attempt = {
      ...engine,
      invocationId: id,
      target,
      input,
      number: 1,
      headers: options.headers ?? [],
      signal: options.signal ?? none,
    } as unknown as Attempt;
    const handler = services.get(target.service)?.methods.get(target.method);
    if (handler === undefined) throw new Error(`no handler ${target.service}/${target.method}`);
    return handler(attempt).then(
      (reply) => ({ ok: true, ...reply }),
      (reason) => ({ ok: false, failure: failureFrom(ConnectError.from(reason)) }),
    );
  }

  const engine: Engine = {
    async start(all) {
      for (const service of all) services.set(service.name, service);
    },
    async call(target, input, options) {
      const id = newId();
      return {
        id,
        outcome: await run(id, target, input, options),
        ...(options?.idempotency ? { expiresAt: new Date() } : {}),
      };
    },
    async send(target, input, options) {
      const id = newId();
      outcomes.set(id, run(id, target, input, options));
      return {
        id,
        duplicate: false,
        ...(options?.delayMs === undefined ? {} : { executeAt: new Date(Date.now() + options.delayMs) }),
      };
    },
    async attach(id) {
      const outcome = outcomes.get(id);
      if (outcome === undefined) throw new ConnectError(`Invocation '${id}' not found`, Code.NotFound);
      return outcome;
    },
    get: async () => undefined,
    list: async () => ({ invocations: [] }),
    count: async () => [],
    cancel: async () => {},
    awakeables: { resolve: async () => {}, reject: async () => {} },
    close: async () => {},
  };
  return engine;
}
