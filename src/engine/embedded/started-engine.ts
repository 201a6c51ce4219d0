import type { ServiceHandlers } from "../engine.ts";
import { type EngineContext, type EngineOperations, mapServices } from "./engine-context.ts";
import { closing, storeFailed } from "./errors.ts";
import { formatId } from "./ids/invocation-id.ts";
import { loadPartitionHash } from "./ids/partition-key.ts";
import { decodeCompleted } from "./invocations/load-outcome.ts";
import { MemoryCalls } from "./invocations/memory-calls.ts";
import { createOperations } from "./invocations/operations.ts";
import { OutcomeWaiters } from "./invocations/outcome-waiters.ts";
import { AttemptCounts } from "./invoker/attempt-counts.ts";
import { Invoker } from "./invoker/invoker.ts";
import { Semaphore } from "./invoker/semaphore.ts";
import { ShownStacks } from "./invoker/shown-stacks.ts";
import type { ResolvedOptions } from "./options.ts";
import { StoreClient } from "./store/client.ts";
import type { Effect, StoreOptions } from "./store/protocol.ts";

/** The interval at which a closing engine looks whether its handlers have ended, ms. */
const drainPollMs = 5;

/** A started engine: the store, the invoker of durable invocations and the plain calls. */
export class StartedEngine {
  readonly operations: EngineOperations;
  readonly #context: EngineContext;
  readonly #memoryCalls: MemoryCalls;
  readonly #invoker: Invoker;

  /** Opens the store, and runs the work that an earlier process left. */
  static async start(
    options: ResolvedOptions,
    services: readonly ServiceHandlers[],
    synchronous: StoreOptions["synchronous"],
  ): Promise<StartedEngine> {
    const hash = await loadPartitionHash();
    const { store, idSecret } = await openStore(options, synchronous);
    const engine = new StartedEngine({
      options,
      idSource: { hash, secret: idSecret },
      store,
      semaphore: new Semaphore(options.maxRunning),
      outcomeWaiters: new OutcomeWaiters(),
      shownStacks: new ShownStacks(),
      attemptCounts: new AttemptCounts(),
      ...mapServices(services),
    });
    store.start((effect) => engine.#apply(effect));
    return engine;
  }

  private constructor(context: EngineContext) {
    this.#context = context;
    this.#memoryCalls = new MemoryCalls(context);
    this.operations = createOperations(context, this.#memoryCalls, (seq) =>
      this.#invoker.awaitedAwakeables(seq),
    );
    this.#invoker = new Invoker(context, this.operations);
  }

  /** Lets handlers at work end for at most `drainMs`, and closes the store. */
  async close(drainMs: number): Promise<void> {
    const { store, outcomeWaiters } = this.#context;
    store.drain();
    this.#invoker.drain();
    this.#memoryCalls.drain();
    const deadline = Date.now() + drainMs;
    while (this.#invoker.workingCount + this.#memoryCalls.openCount > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, drainPollMs));
    }
    this.#invoker.abandon();
    this.#memoryCalls.abandon();
    await store.close();
    outcomeWaiters.rejectAll(closing());
  }

  #apply(effect: Effect): void {
    switch (effect.kind) {
      case "run":
        this.#invoker.run(effect);
        break;
      case "abort":
        this.#invoker.abort(effect);
        break;
      case "lock-granted":
        this.#memoryCalls.onLockGranted(effect.ticket);
        break;
      case "awakeable-completed":
        this.#invoker.onAwakeableCompleted(effect.seq, effect.index);
        break;
      case "completed":
        this.#context.outcomeWaiters.settle(formatId(effect.id), decodeCompleted(effect.completed));
        break;
    }
  }
}

function openStore(
  options: ResolvedOptions,
  synchronous: StoreOptions["synchronous"],
): ReturnType<typeof StoreClient.open> {
  const { path, retentionMs, maxStoreBytes, maxRunning, maxRunningBytes, maxAwakeables, maxAwakeableBytes } =
    options;
  const limits = { maxStoreBytes, maxRunning, maxRunningBytes, maxAwakeables, maxAwakeableBytes };
  return StoreClient.open({
    store: { path, retentionMs, ...limits, synchronous },
    maxPending: options.maxQueued,
    maxPendingBytes: options.maxQueuedBytes,
    onFatal: (reason) => {
      options.logger.error("the store failed: start the engine again to recover", { path, reason });
      options.onFatal(storeFailed(reason));
    },
  });
}
