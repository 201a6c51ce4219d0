import type { Handler, ServiceHandlers } from "../engine.ts";
import { handlerName, type Kernel } from "./engine-context.ts";
import { closing } from "./errors.ts";
import { handlerKinds } from "./handler-kinds.ts";
import { formatId } from "./ids/invocation-id.ts";
import { loadPartitionHash } from "./ids/partition-key.ts";
import { endedFrom } from "./invocations/load-outcome.ts";
import { createPlainCalls } from "./invocations/memory-calls.ts";
import { createOperations, type EngineOperations } from "./invocations/operations.ts";
import { createWaiters } from "./invocations/outcome-waiters.ts";
import { createTurns } from "./invocations/turns.ts";
import { durableAttemptOperations, plainAttemptOperations } from "./invoker/attempt-operations.ts";
import { createRunner } from "./invoker/invoker.ts";
import { createSlots } from "./invoker/semaphore.ts";
import type { ResolvedOptions } from "./options.ts";
import { openLink } from "./store/client.ts";
import type { Effect, StoreOptions } from "./store/protocol.ts";

/** A started engine. */
export interface RunningEngine {
  readonly operations: EngineOperations;
  close(drainMs: number): Promise<void>;
}

/** How often a closing engine looks whether its handlers have ended, ms. */
const drainPollMs = 5;

/** Opens the store and takes up what a former process left. */
export async function runEngine(
  options: ResolvedOptions,
  services: readonly ServiceHandlers[],
  synchronous: StoreOptions["synchronous"],
): Promise<RunningEngine> {
  const hash = await loadPartitionHash();
  const { path, retentionMs, maxStoreBytes, maxRunning } = options;
  const link = await openLink({
    store: { path, retentionMs, maxStoreBytes, credit: maxRunning, synchronous },
    maxPending: options.maxQueued,
    maxPendingBytes: options.maxQueuedBytes,
    onEffect: (effect) => onEffect(effect),
    onFatal: (message) => {
      options.logger.error("the store failed: the process ends, and recovers at its next start", {
        path,
        reason: message,
      });
      process.exit(1);
    },
  });
  const kernel: Kernel = {
    options,
    hash,
    link,
    slots: createSlots(maxRunning),
    waiters: createWaiters(),
    handlers: handlersByName(services),
    ...handlerKinds(services),
  };
  const turns = createTurns(link);
  const plain = createPlainCalls(kernel, turns, () => plainAttemptOperations(operations));
  const operations = createOperations(kernel, plain);
  const runner = createRunner(
    kernel,
    durableAttemptOperations(kernel, () => operations),
  );

  const onEffect = (effect: Effect): void => {
    switch (effect.kind) {
      case "run":
        runner.run(effect);
        break;
      case "turn":
        turns.grant(effect.ticket);
        break;
      case "abort":
        runner.abort(effect);
        break;
      case "awaken":
        runner.awaken(effect);
        break;
      case "ended":
        kernel.waiters.settle(formatId(effect.id), endedFrom(effect.ended));
        break;
    }
  };
  link.start();

  return {
    operations,
    close: async (drainMs) => {
      link.drain();
      runner.drain();
      plain.drain();
      const deadline = Date.now() + drainMs;
      while (runner.working() + plain.open() > 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, drainPollMs));
      }
      runner.abandon();
      plain.abandon();
      await link.close();
      kernel.waiters.rejectAll(closing());
    },
  };
}

function handlersByName(services: readonly ServiceHandlers[]): ReadonlyMap<string, Handler> {
  return new Map(
    services.flatMap(({ name, methods }) =>
      [...methods].map(([method, handler]): [string, Handler] => [
        handlerName({ service: name, method }),
        handler,
      ]),
    ),
  );
}
