import { Code, ConnectError } from "@connectrpc/connect";
import type { Engine } from "../engine.ts";
import { closing } from "./errors.ts";
import type { EngineOperations } from "./invocations/operations.ts";
import { type EmbeddedOptions, resolveOptions } from "./options.ts";
import { type RunningEngine, runEngine } from "./running-engine.ts";
import type { StoreOptions } from "./store/protocol.ts";

/** Default time that `close` lets handlers finish, ms. */
const defaultDrainMs = 10_000;

/**
 * A durable engine in this process, over SQLite files in one directory.
 *
 * A send is on disk (fsync) before its id is returned, runs at least once, and is retried with backoff
 * until it succeeds or fails terminally. A call with an idempotency key is durable too. A plain call runs
 * in memory and answers once. KEYED services run one invocation per key at a time, in the order accepted.
 * After `kill -9`, everything acknowledged and unfinished runs again.
 *
 * `list` and `count` cover durable invocations; `get`, `attach` and `cancel` know plain calls too, while
 * they run. A failed flush ends the process: what the disk holds then is unknown, and the next start finds out.
 *
 * ```ts
 * const engine = embedded({ path: "./restate-data" });
 * ```
 *
 * @throws RangeError for an option out of range. `start` rejects with an Error that names the directory or
 *   file, and the fix, if the store cannot be opened.
 */
export function embedded(options: EmbeddedOptions): Engine {
  return createEngine(options, "FULL");
}

/** {@link embedded}, with the flush level open for the test that shows what a lower one loses. */
export function createEngine(options: EmbeddedOptions, synchronous: StoreOptions["synchronous"]): Engine {
  const resolved = resolveOptions(options);
  let starting: Promise<RunningEngine> | undefined;
  let running: RunningEngine | undefined;
  let closed: Promise<void> | undefined;

  const operations = (): EngineOperations => {
    if (running === undefined) {
      throw closed !== undefined
        ? closing()
        : new ConnectError("the engine has not been started", Code.Unavailable);
    }
    return running.operations;
  };
  /** For operations that bring in work. */
  const accepting = (): EngineOperations => {
    if (closed !== undefined) {
      throw closing();
    }
    return operations();
  };
  const close = async (drainMs: number): Promise<void> => {
    // An engine that does not start has nothing to close; who started it is told why.
    const opened = await starting?.catch(() => undefined);
    await opened?.close(drainMs);
    running = undefined;
  };

  return {
    name: "embedded",
    start: async (services) => {
      if (starting !== undefined || closed !== undefined) {
        throw new Error("the engine has been started or closed before: make a new one");
      }
      starting = runEngine(resolved, services, synchronous);
      running = await starting;
      if (closed !== undefined) {
        throw closing();
      }
    },
    call: async (...parameters) => accepting().call(...parameters),
    send: async (...parameters) => accepting().send(...parameters),
    attach: async (...parameters) => operations().attach(...parameters),
    output: async (...parameters) => operations().output(...parameters),
    lookup: async (which) => operations().lookup(which),
    get: async (id) => operations().get(id),
    list: async (query) => operations().list(query),
    count: async () => operations().count(),
    cancel: async (id, mode) => operations().cancel(id, mode),
    purge: async (id) => operations().purge(id),
    awakeables: {
      resolve: async (id, value) => operations().awakeables.resolve(id, value),
      reject: async (id, reason) => operations().awakeables.reject(id, reason),
    },
    close: ({ drainMs = defaultDrainMs } = {}) => {
      closed ??= close(drainMs);
      return closed;
    },
  };
}
