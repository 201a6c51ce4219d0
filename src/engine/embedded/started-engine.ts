import type { ServiceHandlers } from "../engine.ts";
import type { Clock } from "./clock.ts";
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
import type { ResolvedOptions } from "./resolve-options.ts";
import type { OpenChannel } from "./store/channel.ts";
import { StoreClient, type StoreClientOptions } from "./store/client.ts";
import type { Effect, StoreOptions } from "./store/protocol.ts";

/** The interval at which a closing engine looks whether its handlers have ended, ms. */
const drainPollMs = 5;

/** What an engine is made of. */
export interface EngineParts {
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly synchronous: StoreOptions["synchronous"];
  readonly openChannel: OpenChannel;
}

/** A started engine: the store, the invoker of durable invocations and the plain calls. */
export class StartedEngine {
  readonly operations: EngineOperations;
  readonly #context: EngineContext;
  readonly #memoryCalls: MemoryCalls;
  readonly #invoker: Invoker;

  /** Opens the store, and runs the work that an earlier process left. */
  static async start(
    { options, clock, synchronous, openChannel }: EngineParts,
    services: readonly ServiceHandlers[],
  ): Promise<StartedEngine> {
    const hash = await loadPartitionHash();
    const { store, idSecret } = await StoreClient.open(clientOptions(options, synchronous), openChannel);
    const engine = new StartedEngine({
      options,
      clock,
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

  /** True if no handler is at work and nothing is left to do for the store: what comes next comes from outside. */
  get isIdle(): boolean {
    const { semaphore, store } = this.#context;
    return semaphore.isUnused && store.isIdle;
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

function clientOptions(
  options: ResolvedOptions,
  synchronous: StoreOptions["synchronous"],
): StoreClientOptions {
  const { path, retentionMs, maxStoreBytes, maxRunning, maxRunningBytes, maxAwakeables, maxAwakeableBytes } =
    options;
  const limits = { maxStoreBytes, maxRunning, maxRunningBytes, maxAwakeables, maxAwakeableBytes };
  return {
    store: { path, retentionMs, ...limits, synchronous },
    maxPending: options.maxQueued,
    maxPendingBytes: options.maxQueuedBytes,
    onFatal: (reason) => {
      options.logger.error("the store failed: start the engine again to recover", { path, reason });
      options.onFatal(storeFailed(reason));
    },
  };
}
